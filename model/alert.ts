/** One episode of one condition at one place, as people see it. Two independent axes: condition and attention. */
import type { FieldValues } from './device-type.ts'
import type { AlertKind, Severity } from './severity.ts'
import type { Text } from './text.ts'

export const alertConditions = ['active', 'cleared'] as const
export type AlertCondition = (typeof alertConditions)[number]

export const alertAttentions = ['unacknowledged', 'acknowledged'] as const
export type AlertAttention = (typeof alertAttentions)[number]

export interface Alert {
  /** The episode id of the finding that raised it. */
  readonly id: string
  readonly rule: string
  readonly ref: string
  readonly kind: AlertKind
  readonly severity: Severity
  readonly title: Text
  readonly reason: Text
  readonly site: string
  readonly grid: string | null
  readonly device: string
  readonly deviceType: string
  readonly devices: readonly string[]
  /** As people say it: building, unit, room; not the device id. */
  readonly place: Text
  readonly condition: AlertCondition
  readonly attention: AlertAttention
  /** Event times, ms. */
  readonly raisedAt: number
  readonly clearedAt: number | null
  /** Hub clock, ms: when people could first see it. */
  readonly firstSeenAt: number
  /** Set when late data showed that it never was; why is in `reason`. */
  readonly retracted: boolean
  /** ms by which it came late, because the hub was down or the event was a day on its way; 0 = in time. */
  readonly lateBy: number
  readonly acknowledgedAt: number | null
  readonly acknowledgedBy: string | null
  /** Until when it is put aside, with the reason; null = not shelved. */
  readonly shelvedUntil: number | null
  readonly shelvedReason: string | null
  /** How often the condition came back within this alert after a person had reopened it or late data had. */
  readonly reopenedCount: number
  /** The alert of the common cause that explains this one; held alerts are listed under it, not beside it. */
  readonly inhibitedBy: string | null
  /** Rules whose alerts on `devices` this one holds. */
  readonly inhibits: readonly string[]
  readonly caseId: string | null
  readonly evidence: FieldValues
  /** Grows with every change; commands name the version they saw. */
  readonly version: number
}

/** An alert leaves the live list only when its condition is over and a person has seen it. */
export function isOpen(alert: Alert): boolean {
  return alert.condition === 'active' || alert.attention === 'unacknowledged'
}
