/**
 * What adds up to too long: `when` for more than `for` in total within one go of `during`, e.g. a bad voltage within one
 * night. It ends when a later go is over in which it was not so.
 *
 * A value holds until the next reading, at most for `hold`; the time of a gap counts for nothing, neither for `when` nor
 * for the end of a go. `during` must be seen to be over for a quarter of an hour, so that a go is not cut in two by one
 * reading.
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
  readonly hold: number
}

interface State {
  /** The newest reading noted, by the device's and by the hub's clock, and what it said of `when`. */
  readonly last: number
  readonly hub: number
  readonly on: boolean
  /** How long `when` held in this go up to `last`, ms; -1 = none goes on, the last one is closed. */
  readonly total: number
  /** When it first held in this go. */
  readonly since?: number
  /** Since when `during` is over. */
  readonly over?: number
  readonly phase?: Phase
}

const pause = 900_000
/** The newest reading is noted so many times in a `hold` while it says the same. */
const parts = 4
const closed = -1

export const total = defineCondition({
  name: 'total',
  about: 'device',
  schema,
  build(options, context): ConditionBehavior<State> {
    return createTotal({
      ...options,
      when: context.expression(options.when, 'when'),
      during: context.expression(options.during, 'during'),
      hold: options.maxAge ?? context.offlineAfter,
    })
  },
})

function createTotal(options: Options): ConditionBehavior<State> {
  return {
    maxAge: options.hold,
    step(state, moment) {
      const { scope, ts } = moment
      scope.minTime = ts - options.hold
      const during = options.during(scope)
      const when = during === true && !moment.muted && options.when(scope) === true
      if (!state) return when ? begin(moment, when) : undefined
      if (during === undefined) return state
      // The clock was set back, and the episode goes on: what was counted since is of another time.
      if (ts < state.last) return { ...state, last: ts, hub: moment.receivedAt, on: false, over: undefined }
      return during ? inside(options, state, { moment, when }) : outside(options, state, moment)
    },
    due: (state) => (state ? nextDue(options, state) : undefined),
    fire: (state, { at }) => state && raise(options, advance(options, state, at)),
    phase: (state) => state?.phase,
    onClockRegression: ({ phase }) => phase && { last: 0, hub: 0, on: false, total: closed, phase },
  }
}

function begin({ ts, receivedAt }: Sample, when: boolean, phase?: Phase): State {
  return { last: ts, hub: receivedAt, on: when, total: 0, since: when ? ts : undefined, phase }
}

interface Told {
  readonly moment: Sample
  readonly when: boolean
}

function inside(options: Options, state: State, { moment, when }: Told): State | undefined {
  const { ts, receivedAt } = moment
  if (isOver(state, ts)) {
    const before = close(options, state)
    return before || when ? begin(moment, when, before?.phase) : undefined
  }
  const isNews = when !== state.on || state.over !== undefined || ts - state.last >= options.hold / parts
  if (!isNews) return state
  const { over: _, ...going } = advance(options, state, ts)
  return raise(options, {
    ...going,
    hub: receivedAt,
    on: when,
    since: state.since ?? (when ? ts : undefined),
  })
}

/** The go is over, perhaps only for a moment. */
function outside(options: Options, state: State, { ts, receivedAt }: Sample): State | undefined {
  if (state.total === closed) return state
  if (state.over === undefined)
    return { ...raise(options, advance(options, state, ts)), hub: receivedAt, on: false, over: ts }
  return isOver(state, ts) ? close(options, state) : state
}

const isOver = ({ total, over }: State, ts: number): boolean =>
  total === closed || (over !== undefined && ts - over >= pause)

/** What was counted is forgotten; an episode ends when it was not so again. */
function close(options: Options, state: State): State | undefined {
  if (!state.phase || (state.total !== closed && state.total < options.for)) return undefined
  const { last, hub, phase } = state
  return { last, hub, on: false, total: closed, phase }
}

/** Adds the time since the newest reading noted, when it said so and is still believed. */
function advance({ hold }: Options, state: State, ts: number): State {
  const passed = state.on && ts - state.last <= hold + hold / parts ? ts - state.last : 0
  return { ...state, last: ts, total: state.total + passed }
}

function raise(options: Options, state: State): State {
  if (state.total < options.for || state.phase) return state
  const raisedAt = state.last - (state.total - options.for)
  return { ...state, phase: { startedAt: state.since ?? raisedAt, raisedAt } }
}

function nextDue(options: Options, state: State): Due | undefined {
  if (!state.on || state.phase) return undefined
  const left = options.for - state.total
  return left > options.hold ? undefined : { at: state.last + left, hub: state.hub + left }
}
