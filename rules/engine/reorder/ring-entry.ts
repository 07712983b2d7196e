/** Entries of a ring. */
import type { Value } from '../../expression/scope.ts'
import { nothing } from '../evaluate/view.ts'
import type { RingEntry } from '../types.ts'

/** The content of a message. */
export interface Message extends Pick<RingEntry, 'channel' | 'member' | 'ts' | 'event'> {
  /** Hub clock, ms. */
  readonly receivedAt: number
  readonly reported: readonly Value[]
  readonly messageSeq: number | undefined
}

/**
 * Sort position, event time in ms. `shift` and `delay` are small differences, because V8 stores those without an
 * allocation.
 */
export const posOf = ({ ts, shift }: RingEntry): number => ts + shift

/** The same number as a small integer where possible, which needs no allocation. */
const small = (ms: number): number => (ms === (ms | 0) ? ms | 0 : ms)

/** An entry for a message, sorted by its own time and not evaluated yet. */
export const readingEntry = (message: Message): RingEntry => refill(blankEntry(), message)

const blankEntry = (): RingEntry => ({
  kind: 'reading',
  channel: 'telemetry',
  member: 0,
  shift: 0,
  ts: 0,
  delay: 0,
  reported: nothing,
  slots: nothing,
  at: undefined,
  event: '',
  messageSeq: undefined,
  undo: null,
  transitions: null,
  earlier: null,
  later: null,
})

/** Reuses an entry that left its ring, so that steady readings need no allocation. */
export function refill(
  entry: { -readonly [K in keyof RingEntry]: RingEntry[K] },
  message: Message,
): RingEntry {
  entry.channel = message.channel
  entry.member = message.member
  entry.shift = 0
  entry.ts = message.ts
  entry.delay = small(message.receivedAt - message.ts)
  entry.reported = message.reported
  entry.slots = nothing
  entry.at = undefined
  entry.event = message.event
  entry.messageSeq = message.messageSeq
  entry.undo = null
  entry.transitions = null
  return entry
}
