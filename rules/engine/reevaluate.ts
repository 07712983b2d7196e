/** Judges the past again with a late entry in its place, and tells only what that changes. */

import { applyLate, take } from './apply-message.ts'
import { fireAs } from './evaluate.ts'
import { fireOverdue, waitedFor } from './event-timers.ts'
import type { Member } from './member.ts'
import { inOrder } from './order.ts'
import { reconcile } from './reconcile.ts'
import { undo } from './ring.ts'
import type { Run } from './run.ts'
import type { Episode, RingEntry, Timeline, Transition } from './types.ts'
import { isView } from './view.ts'

/** Goes back to before `place`, puts the entry in, judges again, and tells only what that changes. */
export function judgeAgain(
  run: Run,
  timeline: Timeline,
  { entry, place }: { entry: RingEntry; place: RingEntry },
): void {
  const removed = timeline.ring.cutFrom(place)
  for (const other of removed.toReversed()) undo(timeline, other)
  const told = removed.flatMap((other) => other.said ?? [])
  const open = new Map(
    timeline.instances.map(({ rule, open: cell }) => [rule.id, timeline.cells[cell] as Episode | undefined]),
  )
  rebuildViews(timeline)
  const right: Transition[] = []
  run.replay = right
  run.waited = waitedFor(removed)
  try {
    for (const other of inOrder(removed, entry)) again(run, timeline, other)
    fireOverdue(run, timeline)
  } finally {
    run.replay = undefined
    run.waited = noneWaited
  }
  for (const { rule } of timeline.instances) {
    const ofRule = ({ rule: id }: Transition): boolean => id === rule.id
    const mended = reconcile(open.get(rule.id), told.filter(ofRule), right.filter(ofRule))
    for (const transition of mended) run.tell(timeline, transition)
  }
}

const noneWaited: ReadonlySet<string> = new Set()

function again(run: Run, timeline: Timeline, entry: RingEntry): void {
  entry.undo = null
  entry.said = null
  if (entry.kind === 'reading' || entry.kind === 'offline') {
    take(run, timeline, entry)
    return
  }
  if (entry.kind === 'late') applyLate(run, timeline, entry)
  const instance = timeline.instances.find(({ rule }) => rule.id === entry.rule)
  if (entry.kind === 'mark' && instance && entry.due)
    fireAs(run, { timeline, instance, entry, due: entry.due })
  if (entry.undo) timeline.ring.append(entry)
}

function rebuildViews({ members, ring }: Timeline): void {
  for (const member of members) member.view = member.base
  for (const entry of ring) if (isView(entry)) (members[entry.member] as Member).view = entry
}
