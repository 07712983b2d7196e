/** Entries of the journal: accepted messages in the order of acceptance, and the hub's own ticks. */
import type { FieldValues } from './device-type.ts'
import type { DeviceChannel } from './topics.ts'

/**
 * Plausibility of a device's time (domain.md D3, docs/decisions/0009):
 * `live`: evaluated by rules. `late` (> 24 h old): buffered by the device; history only, except events.
 * `future` (> 2 min ahead) and `unset` (before 2000, or no time): sent now with a wrong clock or none; `ts` is the hub's
 * time, and they are evaluated.
 */
export type TimeQuality = 'live' | 'late' | 'future' | 'unset'

/** One accepted device message. */
export interface DeviceEntry {
  readonly kind: DeviceChannel
  readonly site: string
  readonly type: string
  readonly device: string
  /** Hub clock, ms. Drives liveness and deadlines. Never decreases from one entry to the next. */
  readonly receivedAt: number
  /** Event time, ms: the device's clock, normalised. Drives rules and history. */
  readonly ts: number
  readonly quality: TimeQuality
  /** The device's own time, ms, when `ts` is the hub's time instead. */
  readonly claimedTs?: number
  /** The device's own message counter, when it sends one. */
  readonly messageSeq?: number
  /** Checked fields only. An `event` has its word in `type`; a `status` its `state`: online | offline. */
  readonly values: FieldValues
  /** Number of fields discarded because their value was invalid; absent = none. */
  readonly rejected?: number
}

/**
 * The hub's heartbeat in the journal, about once a second. Timers fire only while an entry is applied, so a replay of
 * the journal gives the same decisions as live; a gap between ticks is a hub outage.
 */
export interface TickEntry {
  readonly kind: 'tick'
  readonly receivedAt: number
}

export type Entry = DeviceEntry | TickEntry

/** An entry with its seq in the journal: 1, 2, 3 … without gaps. */
export type Journaled<E extends Entry = Entry> = E & { readonly seq: number }

/** An event older than this is history: a call for help has been answered by then. */
const LATE_EVENT_LIMIT_MS = 7 * 24 * 3600_000

/**
 * True for entries that rules evaluate; the others are history only. Events are evaluated up to a week late: a call for
 * help that nobody has seen must be checked by a person.
 */
export function isEvaluated({ quality, kind, ts, receivedAt }: DeviceEntry): boolean {
  if (quality === 'late') return kind === 'event' && ts >= receivedAt - LATE_EVENT_LIMIT_MS
  // In journals of former versions `ts` of these entries is the device's time ahead: not evaluated.
  return quality !== 'future' || ts <= receivedAt
}
