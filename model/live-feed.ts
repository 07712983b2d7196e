/** The live feed's two socket.io event maps (DESIGN 4.4). The socket carries no writes. */
import type { Alert } from './alert.ts'
import type { Case, WorkOrder } from './case.ts'
import type { Change, FeedCursor } from './change.ts'
import type { FieldValues } from './device-type.ts'

/** Everything open at one seq of the change log. */
export interface FeedSnapshot {
  readonly alerts: readonly Alert[]
  readonly cases: readonly Case[]
  readonly workOrders: readonly WorkOrder[]
}

/** One acknowledged page: part of a snapshot, or of the missing changes. */
export type FeedPage = { readonly epoch: string; readonly last: boolean } & (
  | { readonly kind: 'snapshot'; readonly first: boolean; readonly asOf: number; readonly part: FeedSnapshot }
  | { readonly kind: 'changes'; readonly changes: readonly Change[] }
)

/** Newest values of one device; conflated, may be dropped, repaired by the next. */
export interface LatestReading {
  readonly device: string
  readonly ts: number
  readonly receivedAt: number
  readonly online: boolean
  readonly values: FieldValues
}

/** The server's heartbeat, every 2 s: a console that misses it for 5 s shows its data as stale. */
export interface FeedTick {
  /** Hub clock, ms. */
  readonly now: number
  /** Head of the change log; a console behind it for long has a gap. */
  readonly head: number
  /** Entries of the journal not yet judged / not yet in history. */
  readonly rulesBehind: number
  readonly historyBehind: number
  readonly devicesOnline: number
  readonly devicesTotal: number
}

export interface ServerToClient {
  /** Acknowledged by the console once it has applied the page; the next page follows then. */
  page(page: FeedPage, applied: () => void): void
  change(change: Change): void
  telemetry(readings: readonly LatestReading[]): void
  tick(tick: FeedTick): void
}

export interface ClientToServer {
  /** A gap was seen: start again from this cursor. */
  resume(cursor: FeedCursor | null): void
  /** Telemetry of these devices only (replaces the former wish); at most 500. */
  watch(devices: readonly string[]): void
}

/** Handshake `auth` of a console. */
export interface FeedAuth {
  readonly cursor: FeedCursor | null
}
