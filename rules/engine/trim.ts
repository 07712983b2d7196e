/** Forgets entries of a ring that nothing late can reach any more. */
import { deafAfter } from './hub-outage.ts'
import type { Member } from './member.ts'
import { posOf } from './ring-entry.ts'
import type { Run } from './run.ts'
import { lateness, type RingEntry, ringSize, type Timeline } from './types.ts'
import { isView } from './view.ts'

/** What is older than any late reading may be, or too much of it. */
export function trim(run: Run, timeline: Timeline): void {
  const oldest = timeline.newest - lateness
  const { ring } = timeline
  for (let entry = ring.first; entry && (posOf(entry) < oldest || ring.length > ringSize); entry = ring.first)
    forget(run, timeline, entry)
}

/**
 * So long by the hub's clock: nothing comes then that is late by less than a reading may be. A little longer, so that a
 * timer which waited just that long for a hub that had been deaf has fired, even if ticks are slow.
 */
const quietAfter = lateness + deafAfter

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
  for (const { lastSeenAt: heardAt } of members) quietAt = Math.max(quietAt, quietFrom(run, heardAt))
  if (run.now <= quietAt) return
  for (let entry: RingEntry | null = ring.first; entry; entry = entry.later)
    if (isTold(entry) && entry.ts + entry.delay <= quietAt) return
  for (let entry: RingEntry | null = ring.first; entry && !isTold(entry); entry = ring.first)
    forget(run, timeline, entry)
}

const isTold = ({ kind, said }: RingEntry): boolean => kind === 'mark' || said !== null

export const isQuiet = (run: Run, heardAt: number | undefined): boolean => run.now > quietFrom(run, heardAt)

/**
 * Hub clock, ms: after this instant it is quiet. What was kept for the hub while it was deaf is heard only afterwards; but
 * whoever was quiet before that has kept nothing for it.
 */
function quietFrom({ deaf }: Run, heardAt = 0): number {
  if (!deaf || deaf.from > heardAt + quietAfter) return heardAt + quietAfter
  return Math.max(heardAt, deaf.to) + quietAfter
}

function forget(run: Run, timeline: Timeline, entry: RingEntry): void {
  if (isView(entry)) leaveBase(timeline.members[entry.member] as Member, entry)
  if (entry.kind === 'reading') timeline.horizon = Math.max(timeline.horizon, posOf(entry))
  timeline.ring.shift()
  if (entry.kind === 'reading' && run.written === 0) run.spare = entry
}

/** Of an entry that is forgotten only what was known after it stays. */
function leaveBase(member: Member, entry: RingEntry): void {
  const { base } = member
  base.slots = entry.slots
  base.ts = entry.ts
  base.at = entry.at
  if (base.isUnjudged) base.isUnjudged = false
  if (member.view === entry) member.view = base
}
