/** Removes ring entries that no late reading can affect any more. */

import { isView } from '../evaluate/view.ts'
import type { Run } from '../run.ts'
import { outageAfter } from '../timers/hub-outage.ts'
import { lateness, type Member, type RingEntry, ringSize, type Timeline } from '../types.ts'
import { posOf } from './ring-entry.ts'

/** Removes entries older than the lateness window, and the oldest when the ring is full. */
export function trim(run: Run, timeline: Timeline): void {
  const oldest = timeline.newestTs - lateness
  const { ring } = timeline
  for (let entry = ring.first; entry && (posOf(entry) < oldest || ring.length > ringSize); entry = ring.first)
    forget(run, timeline, entry)
}

/**
 * After this much silence (hub clock, ms) no reading inside the lateness window can still arrive. Longer by one outage
 * limit, so that timers postponed by an outage have fired even when ticks are slow.
 */
const quietAfter = lateness + outageAfter

/**
 * Empties the ring of idle timelines. An entry with a timer or with published transitions stays, because buffered
 * readings may still retract it, however late. The result must not depend on when this runs or on restarts: entries
 * after the quiet time do not count and keep their place.
 */
export function trimQuiet(run: Run, timeline: Timeline): void {
  const { ring, members } = timeline
  if (!ring.first) return
  let quietAt = 0
  for (const { lastSeenAt } of members) quietAt = Math.max(quietAt, quietFrom(run, lastSeenAt))
  if (run.now <= quietAt) return
  for (let entry: RingEntry | null = ring.first; entry; entry = entry.later)
    if (isPublished(entry) && entry.ts + entry.delay <= quietAt) return
  for (let entry: RingEntry | null = ring.first; entry && !isPublished(entry); entry = ring.first)
    forget(run, timeline, entry)
}

const isPublished = ({ kind, transitions }: RingEntry): boolean => kind === 'timer' || transitions !== null

export const isQuiet = (run: Run, lastSeenAt: number | undefined): boolean =>
  run.now > quietFrom(run, lastSeenAt)

/**
 * Hub time (ms) after which the device counts as quiet. Readings buffered during an outage arrive after it, but a
 * device that was quiet before the outage has buffered none.
 */
function quietFrom({ hubOutage }: Run, lastSeenAt = 0): number {
  if (!hubOutage || hubOutage.from > lastSeenAt + quietAfter) return lastSeenAt + quietAfter
  return Math.max(lastSeenAt, hubOutage.to) + quietAfter
}

function forget(run: Run, timeline: Timeline, entry: RingEntry): void {
  if (isView(entry)) updateBase(timeline.members[entry.member] as Member, entry)
  if (entry.kind === 'reading') timeline.watermark = Math.max(timeline.watermark, posOf(entry))
  timeline.ring.shift()
  if (entry.kind === 'reading' && run.openSnapshots === 0) run.recycled = entry
}

/** The base keeps only the values known after the removed entry. */
function updateBase(member: Member, entry: RingEntry): void {
  const { base } = member
  base.slots = entry.slots
  base.ts = entry.ts
  base.at = entry.at
  if (base.isUnevaluated) base.isUnevaluated = false
  if (member.view === entry) member.view = base
}
