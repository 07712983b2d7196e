/** What the journal holds: trusted messages in the order in which the hub accepted them, and the hub's own ticks. */
import type { FieldValues } from './device-type.ts'
import type { DeviceChannel } from './topics.ts'

/**
 * How far a device's clock may be believed (DESIGN 4.1, domain.md D3):
 * `live` judged by rules; `late` (> 24 h old) and `future` (> 2 min ahead) are history only;
 * `unset` = before 2000, a device without a clock: `ts` is then the hub's time and the reading is live.
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
  /** The device's own message counter, when it sends one. */
  readonly messageSeq?: number
  /** Checked fields only. An `event` has its word in `type`; a `status` its `state`: online | offline. */
  readonly values: FieldValues
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

/** True for entries that rules may judge; the others are history only. */
export function isJudged(entry: DeviceEntry): boolean {
  return entry.quality === 'live' || entry.quality === 'unset'
}
