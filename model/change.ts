/** The durable change log of alerts, cases and work orders: source of the live feed. */
import type { Alert } from './alert.ts'
import type { Case, WorkOrder } from './case.ts'

export interface Entities {
  readonly alert: Alert
  readonly case: Case
  readonly workOrder: WorkOrder
}
export type EntityName = keyof Entities

/** One change, with the whole entity after it. */
export type Change = { [K in EntityName]: ChangeOf<K> }[EntityName]

export interface ChangeOf<K extends EntityName> {
  /** 1, 2, 3 … within one epoch. */
  readonly seq: number
  /**
   * In the log: seq of the change before. On the live feed: seq of the change sent to this console before, so that a
   * console with a limited scope can check its chain too. A console at another seq has a gap and must resume.
   */
  readonly prevSeq: number
  /** Hub clock, ms. */
  readonly at: number
  readonly entity: K
  /** E.g. `raised`, `acknowledged`, `assigned`. */
  readonly action: string
  /** Login of the user, or `rules`. */
  readonly actor: string
  readonly note: string | null
  readonly after: Entities[K]
}

/** A change before the log assigns its seq. */
export type NewChange = { [K in EntityName]: Omit<ChangeOf<K>, 'seq' | 'prevSeq'> }[EntityName]

/** Position of a console in the log. `epoch` changes when the log is reset (restore); a cursor of another epoch is void. */
export interface FeedCursor {
  readonly epoch: string
  readonly seq: number
}
