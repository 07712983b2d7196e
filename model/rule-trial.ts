/** A trial: a proposed rule and the active one evaluated on recorded data, before the rule is saved. */
import type { Severity } from './severity.ts'
import type { Text } from './text.ts'

/** An alert that one of the two versions raises on the data. */
export interface TrialAlert {
  /** The device to look at; `subject` is the home, circuit … when the alert is about several devices. */
  readonly device: string
  readonly subject: string
  readonly place: Text
  readonly severity: Severity
  /** Event times, ms; null = active at the end. */
  readonly raisedAt: number
  readonly clearedAt: number | null
  readonly reason: Text
}

/** The newest alerts and the number of all. */
export interface TrialList<T = TrialAlert> {
  readonly count: number
  readonly newest: readonly T[]
}

export interface TrialResult {
  /** The evaluated time: hub clock, ms. */
  readonly from: number
  readonly to: number
  /** Number of evaluated messages. */
  readonly entries: number
  readonly proposed: TrialList
  /** Of the active version; empty for a new rule. */
  readonly current: TrialList
  readonly added: TrialList
  readonly removed: TrialList
  /** Raised by both, with different times or severities. */
  readonly moved: TrialList<{ readonly before: TrialAlert; readonly after: TrialAlert }>
  readonly same: number
  /** Number of subjects on which the proposed rule failed, and the first message. */
  readonly failures: { readonly count: number; readonly first: string | null }
  /** Data that was no longer stored, or not reached in time. */
  readonly missing: TrialGaps
}

export interface TrialGaps {
  /** No data before this time (ms); null = complete. */
  readonly nothingBefore: number | null
  /** Before this time (ms) only measured values, without events, status messages and delays; null = complete. */
  readonly valuesOnlyBefore: number | null
  /** Began later than requested because there was too much data; ms. */
  readonly beganAt: number | null
  /** Ended here because time ran out; ms. */
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

/** One trial at a time for each person. */
export interface RuleTrials {
  /** Throws RULES_INVALID with every problem, CONFLICT while one of this person runs, TOO_MANY_REQUESTS. */
  start(login: string, request: TrialRequest, now: number): TrialState
  /** The newest trial of this person, if it is of this rule. */
  stateOf(login: string, rule: string): TrialState | undefined
  /** Ends a running trial; otherwise does nothing. */
  cancel(login: string): void
}
