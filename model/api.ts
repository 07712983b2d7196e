/** Bodies and answers of the HTTP API (`/api/v1`); the zod schemas also describe the OpenAPI page. */
import { z } from 'zod'
import type { Alert } from './alert.ts'
import type { Case, WorkOrder } from './case.ts'
import type { Change } from './change.ts'
import type { LatestReading } from './live-feed.ts'
import type { Device } from './ports/directory.ts'
import type { HistoryPoint } from './ports/history.ts'
import type { RefusalReason } from './refusal.ts'
import type { Text } from './text.ts'
import type { User } from './user.ts'

/** Text entered by a person: trimmed, without control characters except line breaks. */
export const personText = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^(?:[^\p{Cc}]|[\t\n\r\u0080-\u009f])*$/u, 'control characters are not allowed')

export const loginBody = z.strictObject({
  login: z.string().min(1).max(64),
  password: z.string().min(1).max(256),
})
export const noteBody = z.strictObject({ note: personText(2000).optional() })
export const requiredNoteBody = z.strictObject({ note: personText(2000).min(1) })
export const shelveBody = z.strictObject({ until: z.int().positive(), note: personText(2000).min(1) })
export const dispatchBody = z.strictObject({
  crew: z.string().min(1).max(64),
  instructions: personText(2000).default(''),
})

export const alertsQuery = z.strictObject({
  state: z.enum(['open', 'all']).default('open'),
  device: z.string().max(64).optional(),
  site: z.string().max(64).optional(),
  from: z.coerce.number().int().optional(),
  to: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
})
export const devicesQuery = z.strictObject({
  site: z.string().max(64).optional(),
  type: z.string().max(64).optional(),
  search: z.string().max(64).optional(),
})
export const historyQuery = z.strictObject({
  field: z.string().min(1).max(64),
  from: z.coerce.number().int(),
  to: z.coerce.number().int(),
  /** Desired number of points; determines the bucket width. */
  points: z.coerce.number().int().min(1).max(5000).default(720),
})

/** Answers. */
export interface DeviceSummary {
  readonly id: string
  readonly type: string
  readonly site: string
  readonly place: Device['place']
  readonly online: boolean
  /** Hub clock, ms; null = never seen. */
  readonly lastSeenAt: number | null
  readonly openAlerts: number
}
export interface DeviceDetail {
  readonly device: Device
  readonly latest: LatestReading | null
  readonly alerts: readonly Alert[]
}
export interface DeviceHistory {
  readonly field: string
  readonly from: number
  readonly to: number
  /** Width of a bucket in ms; 0 = raw. */
  readonly bucket: number
  readonly points: readonly HistoryPoint[]
  /** Spans without data that are longer than usual for this type, ms. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[]
  /** Alert episodes, drawn behind the curve. */
  readonly bands: readonly {
    readonly alertId: string
    readonly from: number
    readonly to: number | null
    readonly severity: Alert['severity']
  }[]
}
export interface AlertDetail {
  readonly alert: Alert
  readonly case: Case | null
  readonly workOrders: readonly WorkOrder[]
  readonly timeline: readonly Change[]
}
export interface CaseDetail {
  readonly case: Case
  readonly alert: Alert | null
  readonly workOrders: readonly WorkOrder[]
  readonly timeline: readonly Change[]
}

/** Name and role of a login, for every signed-in user. */
export type StaffMember = Pick<User, 'login' | 'name' | 'role'>

export interface ApiProblem {
  /** Place in the body, or in the file that the body contains. */
  readonly path?: string
  /** 1-based, in texts with lines. */
  readonly line?: number
  readonly column?: number
  readonly message: string
  /** The message in both languages, for screens. */
  readonly text?: Text
}

/** Error answer of every route. */
export interface ApiError {
  readonly code: string
  readonly message: string
  /** Why a command was refused, in more detail than `code`. */
  readonly reason?: RefusalReason
  readonly problems?: readonly ApiProblem[]
}
