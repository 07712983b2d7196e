/** Applies one entry to a timeline: what is known of its member, and every rule that it touches. */
import type { CompiledRule } from '../compile/compiled-rule.ts'
import { evaluate } from './evaluate.ts'
import { advance } from './event-timers.ts'
import type { Member } from './member.ts'
import { posOf } from './ring-entry.ts'
import type { ReadingDelta, Run } from './run.ts'
import type { RingEntry, RuleInstance, Timeline } from './types.ts'
import { foldReading, nothing } from './view.ts'

/** Applies an entry after all others of the ring. */
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

/** Every rule that the entry concerns; the member's view holds it already. */
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
 * A reading that tells none of the rule's fields is none for it; and a rule that remembers nothing cannot come to
 * another answer when none of them changed, unless it asks for the time.
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
  // What asks for the time alone is judged whatever is told.
  if (reads === 0) return rule.usesTime
  if ((reads & reportedMask) === 0) return false
  if (cells[cell] !== undefined || (changedMask & reads) !== 0 || rule.usesTime) return true
  // It may have been too old to be believed meanwhile.
  if (silence > rule.shortestMaxAge) return true
  const first = instance.signalCell + entry.member * rule.signals.length
  for (let index = 0; index < rule.signals.length; index += 1) {
    if (cells[first + index] !== undefined) return true
  }
  return false
}

export const awaitsAnyMessage = ({ condition }: CompiledRule, state: unknown): boolean =>
  condition.awaitsAnyMessage?.(state) === true

/** Scope and moment of one entry, for all rules that judge it. */
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

/** Counts as evidence for rules whose steps commute; for the others it is history. */
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
