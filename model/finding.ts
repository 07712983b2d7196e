/** What rules say: a condition began, changed severity, ended, or was wrongly said to have begun. */
import type { FieldValues } from './device-type.ts'
import type { AlertKind, Severity } from './severity.ts'
import type { Text } from './text.ts'

export type FindingChange =
  | 'began'
  | 'severity'
  | 'ended'
  /** Late data showed that the episode never was; the reason says which. */
  | 'retracted'
  /** Late data moved its beginning or end; `startedAt` / `at` are the right ones. */
  | 'corrected'

export interface Finding {
  /** Stable id of one episode of one rule at one subject; the same in live, replay and backtest. */
  readonly episode: string
  readonly change: FindingChange
  /** Rule id, e.g. `entrapment-between-floors`, and its reference in the domain notes, e.g. `E1`. */
  readonly rule: string
  readonly ref: string
  readonly kind: AlertKind
  readonly severity: Severity
  readonly title: Text
  /** What was seen, for a person: which value, since when. */
  readonly reason: Text
  readonly site: string
  /** The device, or for a condition of several the first of them. */
  readonly device: string
  /** All devices of a condition of several (a circuit); otherwise absent. */
  readonly devices?: readonly string[]
  /** The circuit, gateway or home the condition is about, when it is not one device. */
  readonly subject?: string
  /** Rules whose alerts on `devices` this one explains; they are held under it while it is active (promise 6). */
  readonly inhibits?: readonly string[]
  /** ms after the opening of a case for the same rule and device within which this belongs to it. */
  readonly sameCase?: number
  /** Not an alert: what those of these rules on this device ask for has been done. */
  readonly completes?: readonly string[]
  /** Event times (ms): of this change; when the condition first held; when it had held long enough to be said. */
  readonly at: number
  readonly startedAt: number
  readonly raisedAt: number
  /** True when the episode is over with this finding or was over already. */
  readonly ended: boolean
  /** How late (ms, hub clock) it was said: the hub was down when it came due, or the event was a day on its way. */
  readonly lateBy?: number
  /** The values that led to it. */
  readonly evidence: FieldValues
  /** Place in the journal of the entry during which it was decided, and its number within that entry. */
  readonly seq: number
  readonly index: number
}

/** False for what only says that work was done. */
export const isAboutAlert = (finding: Finding): boolean => finding.completes === undefined
