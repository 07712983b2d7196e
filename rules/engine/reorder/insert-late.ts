/** Inserts a late reading of one member without a reevaluation, when it cannot change later results. */

import { evaluateAll } from '../evaluate/apply-message.ts'
import { foldReading } from '../evaluate/view.ts'
import type { Run } from '../run.ts'
import type { Member, RingEntry, Timeline } from '../types.ts'
import { changed, undo } from './ring.ts'

/**
 * Readings of the members of one circuit or home arrive a few ms out of order. When such a reading changes only
 * signals of its own member, and so did all later entries, later results stay valid and the entry is just inserted.
 * False = a reevaluation is needed.
 */
export function insertLate(
  run: Run,
  timeline: Timeline,
  { entry, place }: { entry: RingEntry; place: RingEntry },
): boolean {
  const member = timeline.members[entry.member] as Member
  if (entry.ts <= member.newestTs) return false
  const isOrdered = (cell: number): boolean => cellKind(timeline, cell) === 'ordered'
  for (let other: RingEntry | null = place; other; other = other.later) {
    if (changed(other, isOrdered)) return false
  }
  run.replayed = []
  try {
    foldReading(run.delta, member, entry)
    evaluateAll(run, timeline, entry)
  } finally {
    run.replayed = undefined
  }
  if (changed(entry, (cell) => cellKind(timeline, cell) !== 'reported')) {
    undo(timeline, entry)
    entry.undo = null
    entry.transitions = null
    return false
  }
  timeline.ring.insertBefore(place, entry)
  member.newestTs = entry.ts
  member.behind = undefined
  return true
}

/** `own` = a signal of one member; `commuting` = the state of a condition whose steps can come in any order. */
function cellKind({ instances }: Timeline, cell: number): 'reported' | 'commuting' | 'ordered' {
  for (const { cell: condition, episodeCell, rule } of instances) {
    const { acceptsLate, readsOtherMembers: looksAround } = rule.condition
    if (cell === condition) return acceptsLate && !looksAround ? 'commuting' : 'ordered'
    if (cell === episodeCell) return 'ordered'
  }
  return 'reported'
}
