/** Forgets entries of a ring that nothing late can reach any more. */
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
 * By the hub's clock: of whom nothing was heard for so long, nothing comes that is late by less. Thousands of devices are
 * quiet most of the time. Where a timer has fired or people were told something, what was kept for the hub may take that
 * back, however late it comes.
 */
export function trimQuiet(run: Run, timeline: Timeline): void {
  const { ring, members } = timeline
  if (!ring.first || !members.every(({ heardAt }) => isLongAgo(run, heardAt))) return
  for (let entry: RingEntry | null = ring.first; entry; entry = entry.later)
    if (entry.said || entry.kind === 'mark') return
  for (let entry: RingEntry | null = ring.first; entry; entry = ring.first) forget(run, timeline, entry)
}

/** What was kept for the hub while it was deaf is heard only afterwards. */
export function isLongAgo({ now, deaf }: Run, heardAt: number | undefined): boolean {
  return now - Math.max(heardAt ?? 0, deaf?.to ?? 0) > lateness
}

function forget(run: Run, timeline: Timeline, entry: RingEntry): void {
  if (isView(entry)) leaveBase(timeline.members[entry.member] as Member, entry)
  if (entry.kind === 'reading') timeline.horizon = Math.max(timeline.horizon, posOf(entry))
  timeline.ring.shift()
  if (entry.kind === 'reading') run.spare = entry
}

/** Of an entry that is forgotten only what was known after it stays. */
function leaveBase(member: Member, entry: RingEntry): void {
  const { base } = member
  base.slots = entry.slots
  base.ts = entry.ts
  base.at = entry.at
  base.isUnjudged = false
  if (member.view === entry) member.view = base
}
