/** Order of messages and timers within a timeline: by event time, independent of the order of arrival. Pure. */

import type { Ring, RingEntry, Timeline } from '../types.ts'
import { posOf } from './ring-entry.ts'

/**
 * The entry before which a new entry belongs: after the last reading before it, and before any timer that fired later.
 * null = the new entry is the newest.
 */
export function placeBefore(ring: Ring, entry: RingEntry): RingEntry | null {
  let former = ring.last
  while (former && !isBefore(former, entry)) former = former.earlier
  for (let other = former ? former.later : ring.first; other; other = other.later) {
    if (other.kind !== 'timer' || other.due?.fact !== undefined || posOf(other) > posOf(entry)) return other
  }
  return null
}

/** Only entries with a place of their own in event time count; timers are handled afterwards. */
function isBefore(other: RingEntry, entry: RingEntry): boolean {
  if (other.kind === 'timer' && other.due?.fact === undefined) return false
  return posOf(other) < posOf(entry) || (posOf(other) === posOf(entry) && compareRank(other, entry) <= 0)
}

/** Order of messages with the same time, independent of their order of arrival; others come before readings. */
function compareRank(one: RingEntry, other: RingEntry): number {
  if (one.kind !== 'reading' || other.kind !== 'reading')
    return Number(one.kind === 'reading') - Number(other.kind === 'reading')
  return (
    one.member - other.member ||
    one.ts - other.ts ||
    (one.messageSeq ?? -1) - (other.messageSeq ?? -1) ||
    compareText(one.channel, other.channel) ||
    compareText(one.event, other.event) ||
    compareText(JSON.stringify(one.reported), JSON.stringify(other.reported))
  )
}

const compareText = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1)

/** The same message is already in the ring. */
export function isDuplicate({ ring }: Timeline, entry: RingEntry): boolean {
  for (let other = ring.last; other; other = other.earlier) {
    // No entry is sorted before its own time, so all earlier ones are older.
    if (other.kind === 'reading' && posOf(other) < entry.ts) return false
    if (other.ts === entry.ts && isSameMessage(other, entry)) return true
  }
  return false
}

function isSameMessage(other: RingEntry, entry: RingEntry): boolean {
  if (other.member !== entry.member || other.channel !== entry.channel) return false
  if (other.kind === 'timer' || other.kind === 'offline') return false
  if (entry.messageSeq !== undefined && other.messageSeq !== undefined)
    return other.messageSeq === entry.messageSeq
  return other.event === entry.event && JSON.stringify(other.reported) === JSON.stringify(entry.reported)
}

/** The entries to replay with the new one in its place; timers in event time are left out because they fire again. */
export function inOrder(removed: readonly RingEntry[], entry: RingEntry): RingEntry[] {
  const kept = removed.filter(({ kind, due }) => kind !== 'timer' || due?.fact !== undefined)
  const place = kept.findIndex((other) => !isBefore(other, entry))
  return place < 0 ? [...kept, entry] : kept.toSpliced(place, 0, entry)
}
