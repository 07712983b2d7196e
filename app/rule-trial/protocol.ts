/** Messages between the hub's thread and the thread of a trial. */
import type { Device, Home, Site } from '../../model/ports/directory.ts'
import type { HistoryPoint, HistoryQuery } from '../../model/ports/history.ts'
import type { TrialResult } from '../../model/rule-trial.ts'
import type { TrialJob } from '../../rules/editor/trials.ts'

/** The devices that the rule may apply to, with their homes and sites. */
export interface TrialPlaces {
  readonly devices: readonly Device[]
  readonly homes: readonly Home[]
  readonly sites: readonly Site[]
}

export interface TrialLimits {
  /** Maximum number of journal entries; the newest are read. */
  readonly maxEntries: number
  /** Seconds after which the trial ends with a partial result. */
  readonly maxSeconds: number
}

export interface TrialData extends TrialLimits {
  readonly job: TrialJob
  readonly places: TrialPlaces
  readonly journalPath: string
}

export type FromTrial =
  | { readonly kind: 'progress'; readonly share: number }
  /** The answer has the same id. */
  | { readonly kind: 'ask'; readonly id: number; readonly query: HistoryQuery }
  | { readonly kind: 'done'; readonly result: TrialResult }
  | { readonly kind: 'failed'; readonly message: string }

/** `points` null = the history is not available. */
export interface ToTrial {
  readonly id: number
  readonly points: readonly HistoryPoint[] | null
}
