/** Forgets entries of a ring that nothing late can reach any more. */
import { outageAfter } from './hub-outage.ts'
import type { Member } from './member.ts'
import { posOf } from './ring-entry.ts'
import type { Run } from './run.ts'
import { lateness, type RingEntry, ringSize, type Timeline } from './types.ts'
import { isView } from './view.ts'

/** What is older than any late reading may be, or too much of it. */
export function trim(run: Run, timeline: Timeline): void {
  const oldest = timeline.newestTs - lateness
  const { ring } = timeline
  for (let entry = ring.first; entry && (posOf(entry) < oldest || ring.length > ringSize); entry = ring.first)
    forget(run, timeline, entry)
}

/**
 * So long by the hub's clock: nothing comes then that is late by less than a reading may be. A little longer, so that a
 * timer which waited just that long for a hub that had been deaf has fired, even if ticks are slow.
 */
const quietAfter = lateness + outageAfter

/**
 * Thousands of devices are quiet most of the time. Where a timer had fired by then or people had been told something, what
 * was kept for the hub may take that back, however late it comes.
 *
 * Who looks when, and whether the hub restarted meanwhile, must make no difference: what has happened since then counts
 * for nothing, and keeps its place.
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
 * Hub clock, ms: after this instant it is quiet. What was kept for the hub while it was deaf is heard only afterwards; but
 * whoever was quiet before that has kept nothing for it.
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

/** Of an entry that is forgotten only what was known after it stays. */
function updateBase(member: Member, entry: RingEntry): void {
  const { base } = member
  base.slots = entry.slots
  base.ts = entry.ts
  base.at = entry.at
  if (base.isUnevaluated) base.isUnevaluated = false
  if (member.view === entry) member.view = base
}
