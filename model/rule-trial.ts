/** A rule tried on what the hub has heard, beside the one in force, before anybody saves it. */
import type { Severity } from './severity.ts'
import type { Text } from './text.ts'

/** An alert that one of the two gives on these data. */
export interface TrialAlert {
  /** The device to look at, and the home, circuit … when it is about several. */
  readonly device: string
  readonly subject: string
  readonly place: Text
  readonly severity: Severity
  /** Event times, ms; null = still so at the end. */
  readonly raisedAt: number
  readonly clearedAt: number | null
  readonly reason: Text
}

/** The newest alerts, and how many there are in all. */
export interface TrialList<T = TrialAlert> {
  readonly count: number
  readonly newest: readonly T[]
}

export interface TrialResult {
  /** What was judged: hub clock, ms. */
  readonly from: number
  readonly to: number
  /** Messages judged. */
  readonly entries: number
  readonly proposed: TrialList
  /** Of the version in force; of a rule that is not there yet, none. */
  readonly current: TrialList
  readonly added: TrialList
  readonly removed: TrialList
  /** Of both, but with other times or another severity. */
  readonly moved: TrialList<{ readonly before: TrialAlert; readonly after: TrialAlert }>
  readonly same: number
  /** On how many devices, homes … the proposed one failed, with the first message. */
  readonly failures: { readonly count: number; readonly first: string | null }
  /** What the hub no longer had, or had no time for. */
  readonly missing: TrialGaps
}

export interface TrialGaps {
  /** Nothing is kept of before; ms, null = all of it is. */
  readonly nothingBefore: number | null
  /** Before this only measured values are kept, without events, status messages and delays; ms, null = all is. */
  readonly valuesOnlyBefore: number | null
  /** There was so much that it began later than asked; ms. */
  readonly beganAt: number | null
  /** It took too long and ended there; ms. */
  readonly endedAt: number | null
}

export type TrialState = { readonly rule: string; readonly days: number; readonly startedAt: number } & (
  | { readonly state: 'running' /** 0 to 1 */; readonly progress: number }
  | { readonly state: 'done'; readonly result: TrialResult }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'cancelled' }
)

export interface TrialRequest {
  readonly rule: string
  readonly text: string
  readonly days: number
}

/** One at a time for each person. */
export interface RuleTrials {
  /** Throws RULES_INVALID with every problem, CONFLICT while one of this person runs, TOO_MANY_REQUESTS. */
  start(login: string, request: TrialRequest, now: number): TrialState
  /** The newest one of this person, if it is about the rule. */
  stateOf(login: string, rule: string): TrialState | undefined
  /** Ends it when it runs; harmless otherwise. */
  cancel(login: string): void
}
