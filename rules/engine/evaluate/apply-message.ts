/**
 * Applies one entry to a timeline: updates the view of its member and evaluates every rule that the entry affects.
 */
import type { CompiledRule } from '../../compile/compiled-rule.ts'
import { posOf } from '../reorder/ring-entry.ts'
import type { Run } from '../run.ts'
import { advance } from '../timers/event-timers.ts'
import type { Member, ReadingDelta, RingEntry, RuleInstance, Timeline } from '../types.ts'
import { evaluate } from './evaluate.ts'
import { foldReading, nothing } from './view.ts'

/** Applies an entry that is newer than all others of the ring. */
export function applyEntry(run: Run, timeline: Timeline, entry: RingEntry): void {
  const member = timeline.members[entry.member] as Member
  advance(run, timeline, entry.ts)
  if (entry.kind === 'reading') foldReading(run.delta, member, entry)
  timeline.ring.append(entry)
  if (entry.kind === 'reading') {
    timeline.newestTs = Math.max(timeline.newestTs, posOf(entry))
    if (entry.ts > member.newestTs) {
      member.newestTs = entry.ts
      member.behind = undefined
    }
  }
  evaluateAll(run, timeline, entry)
}

/** Evaluates every rule that the entry affects; the member's view already includes the entry. */
export function evaluateAll(run: Run, timeline: Timeline, entry: RingEntry): void {
  prepareSample(run, timeline, entry)
  if (entry.kind === 'reading') {
    const { previous } = run.delta
    run.scope.previous = previous.slots
    run.scope.previousTimes = previous
  }
  for (const instance of timeline.instances) {
    if (instance.concerns[entry.member] && isTouched(run.delta, timeline, { instance, entry }))
      evaluate(run, timeline, instance, entry)
  }
}

/**
 * Skips rules whose input fields are absent. A stateless rule is also skipped when none of its fields changed, unless
 * it uses the time.
 */
function isTouched(
  { reportedMask, changedMask, silence }: ReadingDelta,
  { cells }: Timeline,
  { instance, entry }: { instance: RuleInstance; entry: RingEntry },
): boolean {
  const { rule, cell } = instance
  if (entry.channel === 'event') return rule.usesEvent || awaitsAnyMessage(rule, cells[cell])
  if (entry.kind === 'offline' || rule.condition.needsRepeatedReadings) return true
  const reads = instance.masks[entry.member] ?? 0
  // A rule that reads no field depends on the time alone, so every reading counts.
  if (reads === 0) return rule.usesTime
  if ((reads & reportedMask) === 0) return false
  if (cells[cell] !== undefined || (changedMask & reads) !== 0 || rule.usesTime) return true
  // The value may have expired in the meantime.
  if (silence > rule.shortestMaxAge) return true
  const first = instance.signalCell + entry.member * rule.signals.length
  for (let index = 0; index < rule.signals.length; index += 1) {
    if (cells[first + index] !== undefined) return true
  }
  return false
}

export const awaitsAnyMessage = ({ condition }: CompiledRule, state: unknown): boolean =>
  condition.awaitsAnyMessage?.(state) === true

/** Sets scope and sample to one entry, for all rules that evaluate it. */
export function prepareSample(run: Run, timeline: Timeline, entry: RingEntry): void {
  const { scope, sample } = run
  const member = timeline.members[entry.member] as Member
  scope.type = member.layout.type
  scope.now = entry.ts
  scope.location = member.location
  scope.slots = member.view.slots
  scope.times = member.view.at
  scope.reportedAt = member.view.ts
  scope.reported = entry.reported
  scope.previous = member.view.slots
  scope.previousTimes = member.view
  scope.event = entry.event
  scope.meta = member.record.meta
  scope.home = timeline.home
  sample.ts = entry.ts
  sample.receivedAt = entry.ts + entry.delay
  sample.kind = entry.channel
  sample.member = entry.member
  sample.subject = timeline
  sample.offline = entry.kind === 'offline'
  sample.link = entry.link
}

/** A reading too late for the ring: evidence for conditions that accept late data, history for all others. */
export function applyLateEvidence(run: Run, timeline: Timeline, reading: RingEntry): void {
  if (!timeline.instances.some(({ rule }) => rule.condition.acceptsLate)) return
  const entry: RingEntry = { ...reading, kind: 'late', shift: timeline.newestTs - reading.ts }
  evaluateLateEvidence(run, timeline, entry)
  if (entry.undo) timeline.ring.append(entry)
}

export function evaluateLateEvidence(run: Run, timeline: Timeline, entry: RingEntry): void {
  prepareSample(run, timeline, entry)
  run.scope.slots = entry.reported
  run.scope.times = undefined
  run.scope.reportedAt = entry.ts
  run.scope.previous = nothing
  for (const instance of timeline.instances) {
    const { rule } = instance
    if (!rule.condition.acceptsLate || !instance.concerns[entry.member]) continue
    const isRelevant =
      entry.channel !== 'event' || rule.usesEvent || awaitsAnyMessage(rule, timeline.cells[instance.cell])
    if (isRelevant) evaluate(run, timeline, instance, entry)
  }
}
