/**
 * A state that adds up to too long: `when` is true for more than `for` in total within one period of `during`, e.g. a bad
 * voltage within one night. Ends with a later period in which it did not happen.
 *
 * A value counts until the next reading, at most for `maxAge`; gaps count neither for `when` nor for the end of a period.
 * `during` must be false for a quarter of an hour, so that a single reading does not split a period.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, type Due, defineCondition, type Phase, type Sample } from '../condition.ts'

const schema = z.strictObject({
  when: expressionText,
  for: duration.refine((value) => value >= 60_000, 'must be at least 1m'),
  during: expressionText,
  maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
})

interface Options {
  readonly when: Evaluate<boolean>
  readonly during: Evaluate<boolean>
  readonly for: number
  readonly maxAge: number
}

interface State {
  /** The newest recorded reading: event time, hub clock, and whether `when` was true. */
  readonly lastAt: number
  readonly receivedAt: number
  readonly isTrue: boolean
  /** How long `when` was true in this period up to `lastAt`, ms; -1 = the last period is closed. */
  readonly total: number
  /** When it was first true in this period. */
  readonly since?: number
  /** Since when `during` is false. */
  readonly overSince?: number
  readonly phase?: Phase
}

/** Shortest interruption of `during` that ends a period, ms. */
const minPause = 900_000
/** How often `lastAt` is updated per `maxAge` while nothing changes. */
const updatesPerMaxAge = 4
/** `total` while no period is open. */
const closedTotal = -1

export const total = defineCondition({
  name: 'total',
  about: 'device',
  schema,
  formerStateKeys: { last: 'lastAt', hub: 'receivedAt', on: 'isTrue', over: 'overSince' },
  build(options, context): ConditionBehavior<State> {
    return createTotal({
      ...options,
      when: context.expression(options.when, 'when'),
      during: context.expression(options.during, 'during'),
      maxAge: options.maxAge ?? context.offlineAfter,
    })
  },
})

function createTotal(options: Options): ConditionBehavior<State> {
  return {
    maxAge: options.maxAge,
    step(state, sample) {
      const { scope, ts } = sample
      scope.minTime = ts - options.maxAge
      const during = options.during(scope)
      const when = during === true && !sample.muted && options.when(scope) === true
      if (!state) return when ? beginPeriod(sample, when) : undefined
      if (during === undefined) return state
      // Clock regression during an episode: do not count the time in between.
      if (ts < state.lastAt)
        return { ...state, lastAt: ts, receivedAt: sample.receivedAt, isTrue: false, overSince: undefined }
      return during ? stepInside(options, state, { sample, when }) : stepOutside(options, state, sample)
    },
    due: (state) => (state ? nextDue(options, state) : undefined),
    fire: (state, { at }) => state && raise(options, advance(options, state, at)),
    phase: (state) => state?.phase,
    onClockRegression: ({ phase }) =>
      phase && { lastAt: 0, receivedAt: 0, isTrue: false, total: closedTotal, phase },
  }
}

function beginPeriod({ ts, receivedAt }: Sample, when: boolean, phase?: Phase): State {
  return { lastAt: ts, receivedAt, isTrue: when, total: 0, since: when ? ts : undefined, phase }
}

interface Observation {
  readonly sample: Sample
  readonly when: boolean
}

function stepInside(options: Options, state: State, { sample, when }: Observation): State | undefined {
  const { ts, receivedAt } = sample
  if (isOver(state, ts)) {
    const closed = closePeriod(options, state)
    return closed || when ? beginPeriod(sample, when, closed?.phase) : undefined
  }
  const hasChanged =
    when !== state.isTrue ||
    state.overSince !== undefined ||
    ts - state.lastAt >= options.maxAge / updatesPerMaxAge
  if (!hasChanged) return state
  const { overSince: _, ...ongoing } = advance(options, state, ts)
  return raise(options, {
    ...ongoing,
    receivedAt,
    isTrue: when,
    since: state.since ?? (when ? ts : undefined),
  })
}

/** `during` is false, perhaps only for a moment. */
function stepOutside(options: Options, state: State, { ts, receivedAt }: Sample): State | undefined {
  if (state.total === closedTotal) return state
  if (state.overSince === undefined)
    return { ...raise(options, advance(options, state, ts)), receivedAt, isTrue: false, overSince: ts }
  return isOver(state, ts) ? closePeriod(options, state) : state
}

const isOver = ({ total, overSince }: State, ts: number): boolean =>
  total === closedTotal || (overSince !== undefined && ts - overSince >= minPause)

/** Discards the count; an episode ends unless the limit was reached again in this period. */
function closePeriod(options: Options, state: State): State | undefined {
  if (!state.phase || (state.total !== closedTotal && state.total < options.for)) return undefined
  const { lastAt, receivedAt, phase } = state
  return { lastAt, receivedAt, isTrue: false, total: closedTotal, phase }
}

/** Adds the time since the newest recorded reading, when `when` was true and is not too old. */
function advance({ maxAge }: Options, state: State, ts: number): State {
  const passed =
    state.isTrue && ts - state.lastAt <= maxAge + maxAge / updatesPerMaxAge ? ts - state.lastAt : 0
  return { ...state, lastAt: ts, total: state.total + passed }
}

function raise(options: Options, state: State): State {
  if (state.total < options.for || state.phase) return state
  const raisedAt = state.lastAt - (state.total - options.for)
  return { ...state, phase: { startedAt: state.since ?? raisedAt, raisedAt } }
}

function nextDue(options: Options, state: State): Due | undefined {
  if (!state.isTrue || state.phase) return undefined
  const missing = options.for - state.total
  return missing > options.maxAge
    ? undefined
    : { at: state.lastAt + missing, hub: state.receivedAt + missing }
}
