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

/** One acknowledged page of a snapshot or of the missing changes. */
export type FeedPage = { readonly epoch: string; readonly last: boolean } & (
  | { readonly kind: 'snapshot'; readonly first: boolean; readonly asOf: number; readonly part: FeedSnapshot }
  | { readonly kind: 'changes'; readonly changes: readonly Change[] }
)

/** Newest values of one device; conflated, may be dropped, replaced by the next. */
export interface LatestReading {
  readonly device: string
  readonly ts: number
  readonly receivedAt: number
  readonly online: boolean
  readonly values: FieldValues
}

/** The server's heartbeat, every 2 s: a console without one for 5 s shows its data as stale. */
export interface FeedTick {
  /** Hub clock, ms. */
  readonly now: number
  /** Newest change for this console; a console that stays behind it has a gap. */
  readonly head: number
  /** Journal entries not yet evaluated / not yet in history. */
  readonly rulesBehind: number
  readonly historyBehind: number
  readonly devicesOnline: number
  readonly devicesTotal: number
}

export interface ServerToClient {
  /** The console acknowledges after applying the page; then the next page follows. */
  page(page: FeedPage, applied: () => void): void
  change(change: Change): void
  telemetry(readings: readonly LatestReading[]): void
  tick(tick: FeedTick): void
}

export interface ClientToServer {
  /** The console has a gap: start again from this cursor. */
  resume(cursor: FeedCursor | null): void
  /** Subscribes to telemetry of these devices, at most 500; replaces the former subscription. */
  watch(devices: readonly string[]): void
}

/** Handshake `auth` of a console. */
export interface FeedAuth {
  readonly cursor: FeedCursor | null
}
