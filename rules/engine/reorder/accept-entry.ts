/**
 * Applies entries to a timeline in event time. An entry in order is evaluated at once; a late one is inserted and
 * everything after it reevaluated; one too late for that still counts as evidence of activity.
 */
import type { CompiledRule } from '../../compile/compiled-rule.ts'
import { applyEntry, applyLateEvidence, awaitsAnyMessage, prepareSample } from '../evaluate/apply-message.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import type { Run } from '../run.ts'
import { lateness, type Member, type RingEntry, type RuleInstance, type Timeline } from '../types.ts'
import { followClock, isClockRegression } from './clock-regression.ts'
import { insertLate } from './insert-late.ts'
import { isDuplicate, placeBefore } from './order.ts'
import { reevaluate } from './reevaluate.ts'
import { trim } from './trim.ts'

export type Placing = 'in-order' | 'reordered' | 'too-late' | 'duplicate'

/** Applies a reading or a Last Will, unless it is a duplicate. */
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
  // Newer than anything from this member, so it cannot be a duplicate.
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
  // A member whose clock is behind the others: in order among its own readings, so it is applied as it arrives.
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

/**
 * Newer than anything from this member, but sorted before one of its readings: that one was applied as it arrived, and
 * so is this one.
 */
function isBeforeItself({ members }: Timeline, entry: RingEntry, place: RingEntry): boolean {
  if (entry.ts <= (members[entry.member] as Member).newestTs) return false
  for (let other: RingEntry | null = place; other; other = other.later) {
    if (other.kind === 'reading' && other.member === entry.member) return true
  }
  return false
}

/** Applies a message without readings to rules that wait for any message of the device. */
export function applySignOfLife(run: Run, timeline: Timeline, entry: RingEntry): void {
  const waits = ({ rule, cell }: RuleInstance): boolean => awaitsAnyMessage(rule, timeline.cells[cell])
  if (!timeline.instances.some(waits)) return
  run.markDirty(timeline)
  applyLateEvidence(run, timeline, entry)
  trim(run, timeline)
}

/**
 * Evaluates rules in hub time, in order of arrival, never again. Stateless rules only see unusual messages: a Last
 * Will, or link facts.
 */
export function evaluateInHubTime(run: Run, timeline: Timeline, entry: RingEntry, isUnusual: boolean): void {
  for (const instance of timeline.hubInstances) {
    if (!isUnusual && !needsEveryMessageNow(instance.rule, timeline.cells[instance.cell])) continue
    prepareSample(run, timeline, entry)
    evaluate(run, timeline, instance, entry)
  }
}

/** The rule has state that any message may change. */
export function needsEveryMessageNow({ condition }: CompiledRule, state: unknown): boolean {
  return state !== undefined && (condition.needsEveryMessage?.(state) ?? true)
}
