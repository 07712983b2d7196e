/** Timers in event time: what came due before a reading, and what is due by the hub's clock. */
import type { Due } from '../conditions/condition.ts'
import { fire, schedule } from './evaluate.ts'
import { readyAt } from './hub-outage.ts'
import type { Run } from './run.ts'
import type { RingEntry, RuleInstance, Timeline } from './types.ts'

/** Fires what came due in event time before a reading at `ts`: a value holds until the next one. */
export function advance(run: Run, timeline: Timeline, ts: number): void {
  for (;;) {
    if (timeline.nextDue > ts) return
    timeline.nextDue = lookUpDue(timeline)
    if (timeline.nextDue > ts) return
    let first: { instance: RuleInstance; due: Due } | undefined
    for (const instance of timeline.instances) {
      if (timeline.cells[instance.cell] === undefined && !instance.rule.condition.acceptsLate) continue
      const due = dueBefore(run, { timeline, instance }, ts)
      if (due && due.at <= ts && (!first || due.at < first.due.at)) first = { instance, due }
    }
    if (!first) return
    const before = timeline.cells[first.instance.cell]
    fire(run, { timeline, instance: first.instance }, first.due)
    if (timeline.cells[first.instance.cell] === before) return
  }
}

/** What it depends on changes with the state alone, or with facts of `meta`. */
function lookUpDue(timeline: Timeline): number {
  let next = Number.POSITIVE_INFINITY
  for (const instance of timeline.instances) {
    const { acceptsLate } = instance.rule.condition
    if (timeline.cells[instance.cell] === undefined && !acceptsLate) continue
    const due = dueOf(timeline, instance, !acceptsLate)
    if (due && due.at < next) next = due.at
  }
  return next
}

interface Waiting {
  readonly timeline: Timeline
  readonly instance: RuleInstance
}

/**
 * Silence is evidence only once it has been waited for by the hub's clock; when the past is judged again that has
 * happened, and the silence still comes before the reading that ended it.
 */
function dueBefore(run: Run, waiting: Waiting, ts: number): Due | undefined {
  const { timeline, instance } = waiting
  const { condition } = instance.rule
  const due = dueOf(timeline, instance, !condition.acceptsLate)
  if (!due || (due.grace !== undefined && !isReady(run, waiting, due))) return undefined
  return isUnobserved(run, waiting, { due, ts }) ? undefined : due
}

/**
 * A `for` that fell due while the hub was deaf: a live reading after that says nothing of what lay between, so it waits
 * for what was kept, as it does by the hub's clock. One that was kept, and so is from that time itself, does say it.
 */
function isUnobserved(
  run: Run,
  waiting: Waiting,
  { due, ts }: { readonly due: Due; readonly ts: number },
): boolean {
  const { hubOutage } = run
  if (!hubOutage || due.hub <= hubOutage.from || due.hub > hubOutage.to || ts < hubOutage.to) return false
  const { timeline, instance } = waiting
  if (instance.rule.condition.phase(timeline.cells[instance.cell])) return false
  const waits = dueOf(timeline, instance, false)
  return waits?.at === due.at && waits.lasting === true && !isReady(run, waiting, waits)
}

/** By the hub's clock, or it was when it was told: what was kept for the hub and comes later makes no wait out of it again. */
function isReady(run: Run, { timeline, instance }: Waiting, due: Due): boolean {
  const isPast = readyAt(due, run.hubOutage, timeline.members) <= run.now
  return isPast || run.elapsed.has(silenceKey(instance.rule.id, due))
}

const silenceKey = (rule: string, { at }: Due): string => `${rule} ${at}`

export function elapsedSilences(removed: readonly RingEntry[]): ReadonlySet<string> {
  const keys = new Set<string>()
  for (const { rule, due, transitions } of removed)
    if (transitions && rule !== undefined && due) keys.add(silenceKey(rule, due))
  return keys
}

const dueOf = (timeline: Timeline, { rule, cell }: RuleInstance, fromReadings: boolean) =>
  rule.condition.due(timeline.cells[cell], timeline, fromReadings)

/** Timers that the hub's clock had fired already, and that are still due after judging again. */
export function fireOverdue(run: Run, timeline: Timeline): void {
  for (const instance of timeline.instances) {
    for (;;) {
      const due = dueOf(timeline, instance, false)
      if (!due || !isReady(run, { timeline, instance }, due)) break
      const before = timeline.cells[instance.cell]
      fire(run, { timeline, instance }, due)
      if (timeline.cells[instance.cell] === before) break
    }
    schedule(run, timeline, instance)
  }
}
