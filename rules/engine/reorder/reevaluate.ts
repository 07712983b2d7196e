/** Reevaluates the ring with a late entry in its place, and publishes only what that changes. */

import { applyEntry, evaluateLateEvidence } from '../evaluate/apply-message.ts'
import { fireAs } from '../evaluate/evaluate.ts'
import { isView } from '../evaluate/view.ts'
import type { Run } from '../run.ts'
import { elapsedSilences, fireOverdue } from '../timers/event-timers.ts'
import type { Episode, Member, RingEntry, Timeline, Transition } from '../types.ts'
import { inOrder } from './order.ts'
import { reconcile } from './reconcile.ts'
import { undo } from './ring.ts'

/** Goes back to before `place`, inserts the entry, replays the later ones, and publishes only the differences. */
export function reevaluate(
  run: Run,
  timeline: Timeline,
  { entry, place }: { entry: RingEntry; place: RingEntry },
): void {
  const removed = timeline.ring.cutFrom(place)
  for (const other of removed.toReversed()) undo(timeline, other)
  const published = removed.flatMap((other) => other.transitions ?? [])
  const open = new Map(
    timeline.instances.map(({ rule, episodeCell: cell }) => [
      rule.id,
      timeline.cells[cell] as Episode | undefined,
    ]),
  )
  rebuildViews(timeline)
  const right: Transition[] = []
  run.replayed = right
  run.elapsed = elapsedSilences(removed)
  try {
    for (const other of inOrder(removed, entry)) replayEntry(run, timeline, other)
    fireOverdue(run, timeline)
  } finally {
    run.replayed = undefined
    run.elapsed = nothingElapsed
  }
  for (const { rule } of timeline.instances) {
    const ofRule = ({ rule: id }: Transition): boolean => id === rule.id
    const corrections = reconcile(open.get(rule.id), published.filter(ofRule), right.filter(ofRule))
    for (const transition of corrections) run.emit(timeline, transition)
  }
}

const nothingElapsed: ReadonlySet<string> = new Set()

function replayEntry(run: Run, timeline: Timeline, entry: RingEntry): void {
  entry.undo = null
  entry.transitions = null
  if (entry.kind === 'reading' || entry.kind === 'offline') {
    applyEntry(run, timeline, entry)
    return
  }
  if (entry.kind === 'late') evaluateLateEvidence(run, timeline, entry)
  const instance = timeline.instances.find(({ rule }) => rule.id === entry.rule)
  if (entry.kind === 'timer' && instance && entry.due)
    fireAs(run, { timeline, instance, entry, due: entry.due })
  if (entry.undo) timeline.ring.append(entry)
}

function rebuildViews({ members, ring }: Timeline): void {
  for (const member of members) member.view = member.base
  for (const entry of ring) if (isView(entry)) (members[entry.member] as Member).view = entry
}
