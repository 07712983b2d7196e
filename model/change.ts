/** The durable change log of alerts, cases and work orders: what the live feed sends and consoles resume from. */
import type { Alert } from './alert.ts'
import type { Case, WorkOrder } from './case.ts'

export interface Entities {
  readonly alert: Alert
  readonly case: Case
  readonly workOrder: WorkOrder
}
export type EntityName = keyof Entities

/** One change, with the whole entity as it is afterwards. */
export type Change = { [K in EntityName]: ChangeOf<K> }[EntityName]

export interface ChangeOf<K extends EntityName> {
  /** 1, 2, 3 … within one epoch. */
  readonly seq: number
  /**
   * In the log: the change before it. On the live feed: the one that went to this console before it, so that consoles
   * that may see only a part of the log can check their chain too; a console that holds another one has a gap and asks again.
   */
  readonly prevSeq: number
  /** Hub clock, ms. */
  readonly at: number
  readonly entity: K
  /** What was done, e.g. `raised`, `acknowledged`, `assigned`. */
  readonly action: string
  /** Login of the person, or `rules`. */
  readonly actor: string
  readonly note: string | null
  readonly after: Entities[K]
}

/** A change on its way into the log, which numbers it. */
export type NewChange = { [K in EntityName]: Omit<ChangeOf<K>, 'seq' | 'prevSeq'> }[EntityName]

/** Where a console stands. `epoch` changes when the log was reset (restore); a cursor of another epoch is void. */
export interface FeedCursor {
  readonly epoch: string
  readonly seq: number
}
