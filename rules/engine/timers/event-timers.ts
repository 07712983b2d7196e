/** Timers in event time: those due before a reading, and those overdue after a reevaluation. */
import type { Due } from '../../conditions/condition.ts'
import { fire, schedule } from '../evaluate/evaluate.ts'
import type { Run } from '../run.ts'
import type { RingEntry, RuleInstance, Timeline } from '../types.ts'
import { readyAt } from './hub-outage.ts'

/** Fires timers due in event time before a reading at `ts`: a value counts until the next one. */
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

/** Depends only on rule state and on facts of `meta`. */
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
 * Silence is evidence only after it elapsed by the hub's clock. In a reevaluation it already has, and it
 * precedes the reading that ended it.
 */
function dueBefore(run: Run, waiting: Waiting, ts: number): Due | undefined {
  const { timeline, instance } = waiting
  const { condition } = instance.rule
  const due = dueOf(timeline, instance, !condition.acceptsLate)
  if (!due || (due.grace !== undefined && !isReady(run, waiting, due))) return undefined
  return isUnobserved(run, waiting, { due, ts }) ? undefined : due
}

/**
 * A `for` that elapsed during a hub outage: a later live reading does not show what happened in between, so the timer
 * waits for buffered readings. A reading buffered during the outage still counts as evidence.
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

/**
 * Due by the hub's clock, or already fired before this reevaluation: a buffered reading does not start the wait again.
 */
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

/** Fires timers that the hub's clock had fired already and that remain due after the reevaluation. */
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
