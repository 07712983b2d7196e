/** What the hub's thread and the thread of a trial say to each other. */
import type { Device, Home, Site } from '../../model/ports/directory.ts'
import type { HistoryPoint, HistoryQuery } from '../../model/ports/history.ts'
import type { TrialResult } from '../../model/rule-trial.ts'
import type { TrialJob } from '../../rules/editor/trials.ts'

/** The devices that the rule may be about, and where they are. */
export interface TrialPlaces {
  readonly devices: readonly Device[]
  readonly homes: readonly Home[]
  readonly sites: readonly Site[]
}

export interface TrialLimits {
  /** Entries of the journal that are read at most, the newest. */
  readonly maxEntries: number
  /** Seconds after which it ends with what it has. */
  readonly maxSeconds: number
}

export interface TrialData extends TrialLimits {
  readonly job: TrialJob
  readonly places: TrialPlaces
  readonly journalPath: string
}

export type FromTrial =
  | { readonly kind: 'progress'; readonly share: number }
  /** To be answered with the same id. */
  | { readonly kind: 'ask'; readonly id: number; readonly query: HistoryQuery }
  | { readonly kind: 'done'; readonly result: TrialResult }
  | { readonly kind: 'failed'; readonly message: string }

/** `points` null = the history gives no answer. */
export interface ToTrial {
  readonly id: number
  readonly points: readonly HistoryPoint[] | null
}
