/** What the journal holds: trusted messages in the order in which the hub accepted them, and the hub's own ticks. */
import type { FieldValues } from './device-type.ts'
import type { DeviceChannel } from './topics.ts'

/**
 * How far a device's clock may be believed (domain.md D3, docs/decisions/0009):
 * `live` is judged by rules; `late` (> 24 h old) may be sent later and is history only, except events;
 * `future` (> 2 min ahead, which nothing sent later can be) and `unset` (before 2000, or no time at all) are of now with
 * a wrong clock or none: `ts` is then the hub's time, and they are judged.
 */
export type TimeQuality = 'live' | 'late' | 'future' | 'unset'

/** One accepted device message. */
export interface DeviceEntry {
  readonly kind: DeviceChannel
  readonly site: string
  readonly type: string
  readonly device: string
  /** Hub clock, ms. Drives liveness and deadlines. Never falls from one entry to the next. */
  readonly receivedAt: number
  /** Event time, ms: the device's clock, normalised. Drives rules and history. */
  readonly ts: number
  readonly quality: TimeQuality
  /** ms: what the device's own clock said, when `ts` is the hub's time instead. */
  readonly claimedTs?: number
  /** The device's own message counter, when it sends one. */
  readonly messageSeq?: number
  /** Checked fields only. An `event` has its word in `type`; a `status` its `state`: online | offline. */
  readonly values: FieldValues
  /** How many fields were dropped because their value could not be right; absent = none. */
  readonly rejected?: number
}

/**
 * The hub's heartbeat in the journal, about once a second. Timers fire while an entry is applied, never beside the
 * journal, so a replay of the journal decides exactly what was decided live; a gap between ticks says the hub was deaf.
 */
export interface TickEntry {
  readonly kind: 'tick'
  readonly receivedAt: number
}

export type Entry = DeviceEntry | TickEntry

/** An entry with its place in the journal: 1, 2, 3 … without gaps. */
export type Journaled<E extends Entry = Entry> = E & { readonly seq: number }

/** An event that comes later than this is history: whoever called for help then has been found by now. */
const LATE_EVENT_LIMIT_MS = 7 * 24 * 3600_000

/**
 * True for entries that rules may judge; the others are history only. An event is judged however late it comes (up to
 * a week): a call for help that nobody has seen must be looked at by a person.
 */
export function isEvaluated({ quality, kind, ts, receivedAt }: DeviceEntry): boolean {
  if (quality === 'late') return kind === 'event' && ts >= receivedAt - LATE_EVENT_LIMIT_MS
  // Journals of former versions keep the device's own time of what is ahead; nothing may be judged then.
  return quality !== 'future' || ts <= receivedAt
}
