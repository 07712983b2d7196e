/** A message of one member as it stands in the ring. */
import type { Value } from '../expression/scope.ts'
import type { RingEntry } from './types.ts'
import { nothing } from './view.ts'

/** What the message itself says. */
export interface Message extends Pick<RingEntry, 'channel' | 'member' | 'ts' | 'event'> {
  /** Hub clock, ms. */
  readonly receivedAt: number
  readonly reported: readonly Value[]
  readonly messageSeq: number | undefined
}

/** Place in the order, event time in ms. Small differences are kept instead of times, because a number so large takes room of its own. */
export const posOf = ({ ts, shift }: RingEntry): number => ts + shift

/** The same number, where it can be as a small integer, which takes no room of its own. */
const small = (ms: number): number => (ms === (ms | 0) ? ms | 0 : ms)

/** In its place by its own time, with nothing judged yet. */
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

/** The same in an entry that was forgotten: a steady stream of readings needs no new ones. */
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
