import type { Text } from './text.ts'

export const roles = ['duty-officer', 'grid-worker', 'crew', 'supervisor', 'administrator'] as const
export type Role = (typeof roles)[number]

export const roleLabels: Readonly<Record<Role, Text>> = {
  'duty-officer': { zh: '值班员', en: 'Duty officer' },
  'grid-worker': { zh: '网格员', en: 'Grid worker' },
  crew: { zh: '维修人员', en: 'Crew' },
  supervisor: { zh: '督办', en: 'Supervisor' },
  administrator: { zh: '管理员', en: 'Administrator' },
}

/** Sign-in names. */
export const loginPattern = /^[a-z][a-z0-9._-]{0,63}$/
export const loginRule = 'a login has lower-case letters, digits, . _ -'

/** A member of staff who can sign in. */
export interface User {
  readonly login: string
  readonly name: string
  readonly role: Role
  /** For `crew`: which crew; for `grid-worker`: which grid. */
  readonly crew: string | null
  readonly grid: string | null
  /** argon2id in PHC form; null = cannot sign in. */
  readonly passwordHash: string | null
  readonly disabled: boolean
}

export interface Session {
  /** SHA-256 of the cookie's value, so that a stolen database opens nothing. */
  readonly idHash: string
  readonly login: string
  readonly createdAt: number
  readonly expiresAt: number
}

/** The part of a user that a browser may receive. */
export type PublicUser = Omit<User, 'passwordHash'>

export function publicUser({ passwordHash: _, ...rest }: User): PublicUser {
  return rest
}

/** What each role may do; the server refuses, the screens hide. */
export const permissions = {
  'alert.handle': ['duty-officer', 'grid-worker', 'supervisor', 'administrator'],
  'alert.shelve': ['duty-officer', 'supervisor', 'administrator'],
  'case.dispatch': ['duty-officer', 'grid-worker', 'supervisor', 'administrator'],
  'case.close': ['duty-officer', 'supervisor', 'administrator'],
  'order.work': ['crew', 'grid-worker', 'administrator'],
  'device.read': ['duty-officer', 'grid-worker', 'crew', 'supervisor', 'administrator'],
  'rule.read': ['duty-officer', 'supervisor', 'administrator'],
  'rule.try': ['duty-officer', 'supervisor', 'administrator'],
  'rule.save': ['supervisor', 'administrator'],
  'console.read': ['duty-officer', 'grid-worker', 'supervisor', 'administrator'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof permissions

export function may(role: Role, permission: Permission): boolean {
  const allowed: readonly Role[] = permissions[permission]
  return allowed.includes(role)
}
