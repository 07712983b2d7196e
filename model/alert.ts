/** One episode of one condition at one place, for people. Two independent axes: condition and attention. */
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
  /** For people: building, unit, room; not the device id. */
  readonly place: Text
  readonly condition: AlertCondition
  readonly attention: AlertAttention
  /** Event times, ms. */
  readonly raisedAt: number
  readonly clearedAt: number | null
  /** Hub clock, ms: when it first appeared. */
  readonly firstSeenAt: number
  /** Late data showed that the condition did not exist; `reason` explains it. */
  readonly retracted: boolean
  /** Delay (ms), because the hub was down or the message arrived late; 0 = in time. */
  readonly lateBy: number
  readonly acknowledgedAt: number | null
  readonly acknowledgedBy: string | null
  /** End of shelving (ms) and its reason; null = not shelved. */
  readonly shelvedUntil: number | null
  readonly shelvedReason: string | null
  /** How often it was reopened, by a person or by late data. */
  readonly reopenedCount: number
  /** The alert of the common cause that explains this one; inhibited alerts are listed under it. */
  readonly inhibitedBy: string | null
  /** Rules whose alerts on `devices` this one inhibits. */
  readonly inhibits: readonly string[]
  readonly caseId: string | null
  readonly evidence: FieldValues
  /** Increases with every change; commands give the version they are based on. */
  readonly version: number
}

/** An alert leaves the live list only when its condition is over and a person has seen it. */
export function isOpen(alert: Alert): boolean {
  return alert.condition === 'active' || alert.attention === 'unacknowledged'
}
