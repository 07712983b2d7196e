/** Findings of rules: a condition began, changed severity, ended, or is retracted. */
import type { FieldValues } from './device-type.ts'
import type { AlertKind, Severity } from './severity.ts'
import type { Text } from './text.ts'

export type FindingChange =
  | 'began'
  | 'severity'
  | 'ended'
  /** Late data showed that the episode did not exist; `reason` explains it. */
  | 'retracted'
  /** Late data moved its start or end; `startedAt` / `at` are the corrected times. */
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
  /** The observation, for people: which value, since when. */
  readonly reason: Text
  readonly site: string
  /** The device, or the first of several. */
  readonly device: string
  /** All devices of a condition about several, e.g. a circuit; otherwise absent. */
  readonly devices?: readonly string[]
  /** The circuit, gateway or home the condition is about, when it is not one device. */
  readonly subject?: string
  /** Rules whose alerts on `devices` this one explains; they are inhibited while it is active (promise 6). */
  readonly inhibits?: readonly string[]
  /** ms after the opening of a case for the same rule and device within which this belongs to it. */
  readonly sameCase?: number
  /** Not an alert: the work that alerts of these rules on this device ask for has been done. */
  readonly completes?: readonly string[]
  /** Event times (ms): of this change; when the condition became true; when it had been true for long enough. */
  readonly at: number
  readonly startedAt: number
  readonly raisedAt: number
  /** True when the episode is over with this finding or was over already. */
  readonly ended: boolean
  /** Delay of the finding (ms, hub clock): the hub was down when it was due, or the message arrived late. */
  readonly lateBy?: number
  /** The values that caused it. */
  readonly evidence: FieldValues
  /** Seq of the journal entry that caused it, and its number within that entry. */
  readonly seq: number
  readonly index: number
}

/** False for findings that only report completed work. */
export const isAboutAlert = (finding: Finding): boolean => finding.completes === undefined
