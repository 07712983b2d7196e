/** Types of the texts: every language has the keys of zh, and an unknown key does not compile. */
import type { zh } from './zh.ts'

type Same<T> = { readonly [K in keyof T]: T[K] extends string ? string : Same<T[K]> }
type Keys<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Keys<T[K], `${P}${K}.`>
}[keyof T & string]

export type Messages = Same<typeof zh>
/** The texts under some top-level keys. */
export type Section<K extends keyof Messages> = Pick<Messages, K>
export type MessageKey = Keys<Messages>

/** All dotted keys, sorted. */
export function keysOf(tree: object, prefix = ''): string[] {
  return Object.entries(tree)
    .flatMap(([key, value]) =>
      typeof value === 'object' && value !== null ? keysOf(value, `${prefix}${key}.`) : [`${prefix}${key}`],
    )
    .sort((a, b) => a.localeCompare(b))
}

/** Names of the `{placeholders}` of a text, sorted, each once. */
export function placeholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort((a, b) =>
    a.localeCompare(b),
  )
}
