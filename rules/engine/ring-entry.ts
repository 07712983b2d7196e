/** A message of one member as it stands in the ring. */
import type { Value } from '../expression/scope.ts'
import type { RingEntry } from './types.ts'
import { nothing } from './view.ts'

/** What the message itself says. */
export interface Message extends Pick<RingEntry, 'channel' | 'member' | 'ts' | 'receivedAt' | 'event'> {
  readonly own: readonly Value[]
  readonly messageSeq: number | undefined
}

/** In its place by its own time, with nothing judged yet. */
export function readingEntry({
  channel,
  member,
  ts,
  receivedAt,
  own,
  event,
  messageSeq,
}: Message): RingEntry {
  return {
    kind: 'reading',
    channel,
    member,
    pos: ts,
    ts,
    receivedAt,
    own,
    slots: nothing,
    at: undefined,
    event,
    messageSeq,
    undo: null,
    said: null,
    earlier: null,
    later: null,
  }
}

/** The same in an entry that was forgotten: a steady stream of readings needs no new ones. */
export function refill(
  entry: { -readonly [K in keyof RingEntry]: RingEntry[K] },
  message: Message,
): RingEntry {
  entry.channel = message.channel
  entry.member = message.member
  entry.pos = message.ts
  entry.ts = message.ts
  entry.receivedAt = message.receivedAt
  entry.own = message.own
  entry.slots = nothing
  entry.at = undefined
  entry.event = message.event
  entry.messageSeq = message.messageSeq
  entry.undo = null
  entry.said = null
  return entry
}
