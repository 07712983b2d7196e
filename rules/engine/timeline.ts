/**
 * Takes entries into a timeline in event time. One in order is judged at once; a late one is put in its place and
 * everything after it is judged again; one too late for that still counts as evidence of absence.
 */
import type { CompiledRule } from '../compile/compiled-rule.ts'
import { applyEntry, applyLateEvidence, awaitsAnyMessage, prepareSample } from './apply-message.ts'
import { followClock, isClockRegression } from './clock-regression.ts'
import { evaluate } from './evaluate.ts'
import { insertLate } from './insert-late.ts'
import type { Member } from './member.ts'
import { isDuplicate, placeBefore } from './order.ts'
import { reevaluate } from './reevaluate.ts'
import type { Run } from './run.ts'
import { trim } from './trim.ts'
import { lateness, type RingEntry, type RuleInstance, type Timeline } from './types.ts'

export type Placing = 'in-order' | 'reordered' | 'too-late' | 'duplicate'

/** `entry` is a reading or a Last Will that this timeline has not seen. */
export function accept(run: Run, timeline: Timeline, entry: RingEntry): Placing {
  const member = timeline.members[entry.member]
  if (!member) return 'too-late'
  run.markDirty(timeline)
  if (entry.kind === 'offline') {
    entry.shift = timeline.newestTs - entry.ts
    applyEntry(run, timeline, entry)
    trim(run, timeline)
    return 'in-order'
  }
  // What is newer than all of its member is no repetition, however far its neighbours are.
  if (entry.ts <= member.newestTs && isDuplicate(timeline, entry)) return 'duplicate'
  const placing = placeOf(timeline, member, entry)
  if (placing === 'too-late') applyLateEvidence(run, timeline, entry)
  else insert(run, timeline, entry)
  trim(run, timeline)
  return placing
}

function placeOf(timeline: Timeline, member: Member, entry: RingEntry): Placing {
  const { newestTs, watermark } = timeline
  if (entry.ts > newestTs) return 'in-order'
  if (entry.ts >= newestTs - lateness && entry.ts > watermark)
    return entry.ts === newestTs ? 'in-order' : 'reordered'
  if (entry.ts < member.newestTs) {
    if (!isClockRegression(member, entry)) return 'too-late'
    followClock(timeline, entry.member, entry.ts)
    if (timeline.members.length === 1) return 'in-order'
  }
  // A member whose clock is behind the others': in order for itself, so it is taken as it comes.
  entry.shift = newestTs - entry.ts
  return 'in-order'
}

function insert(run: Run, timeline: Timeline, entry: RingEntry): void {
  const place = placeBefore(timeline.ring, entry)
  if (!place) applyEntry(run, timeline, entry)
  else if (isBeforeItself(timeline, entry, place)) {
    entry.shift = timeline.newestTs - entry.ts
    applyEntry(run, timeline, entry)
  } else if (!insertLate(run, timeline, { entry, place })) reevaluate(run, timeline, { entry, place })
}

/** Newer than all of its member, yet its place is before one of them: that one was taken as it came, and so is this. */
function isBeforeItself({ members }: Timeline, entry: RingEntry, place: RingEntry): boolean {
  if (entry.ts <= (members[entry.member] as Member).newestTs) return false
  for (let other: RingEntry | null = place; other; other = other.later) {
    if (other.kind === 'reading' && other.member === entry.member) return true
  }
  return false
}

/** A message that is no reading for rules, but says that the device is there; for what waits for that. */
export function applySignOfLife(run: Run, timeline: Timeline, entry: RingEntry): void {
  const waits = ({ rule, cell }: RuleInstance): boolean => awaitsAnyMessage(rule, timeline.cells[cell])
  if (!timeline.instances.some(waits)) return
  run.markDirty(timeline)
  applyLateEvidence(run, timeline, entry)
  trim(run, timeline)
}

/**
 * In order of arrival, for rules in the hub's own time; what they decide is never judged again. Those that remember
 * nothing are shown news alone: a Last Will, or what is noted of the line.
 */
export function evaluateInHubTime(run: Run, timeline: Timeline, entry: RingEntry, isNews: boolean): void {
  for (const instance of timeline.hubInstances) {
    if (!isNews && !needsEveryMessageNow(instance.rule, timeline.cells[instance.cell])) continue
    prepareSample(run, timeline, entry)
    evaluate(run, timeline, instance, entry)
  }
}

/** A rule in the hub's time that remembers something which any message may change. */
export function needsEveryMessageNow({ condition }: CompiledRule, state: unknown): boolean {
  return state !== undefined && (condition.needsEveryMessage?.(state) ?? true)
}
