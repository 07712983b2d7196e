/**
 * A value on its way to a threshold: foreseen to reach it within a time, from a robust slope since it was last reset
 * (a bin that was emptied, a battery that was changed).
 *
 * Some twenty readings are kept since the reset, first one every `every`, then farther and farther apart. What is
 * foreseen is worked out with each of them, and looked at with every reading. Once the threshold is reached the episode
 * goes on until the reset; before that it ends when the threshold is foreseen only after twice the time.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import { type Condition, defineCondition, type Phase, type Sample } from '../condition.ts'
import { median, theilSen } from '../robust.ts'
import { createRounds } from './planned-visits.ts'

const positive = duration.refine((value) => value > 0, 'must be longer than nothing')

const schema = z.strictObject({
  field: z.string().min(1),
  /** Only readings of which this is true count, e.g. without the -1 of a battery that cannot be told. */
  when: expressionText.optional(),
  reaches: z.number(),
  within: positive,
  /** A fact of `meta` with times of the day, e.g. of the planned rounds: until the next of them, where it is told, in place of `within`. */
  until: z.string().min(1).optional(),
  /** With `until`: so long after its time somebody may still come, and nothing is told of the time after. */
  late: duration.default(0),
  direction: z.enum(['rising', 'falling']).default('rising'),
  /** A step against the direction that begins the count anew: a drop of a rising value, a rise of a falling one. */
  reset: z
    .strictObject({ drop: z.number().positive() })
    .or(z.strictObject({ rise: z.number().positive() }))
    .optional(),
  /** Nothing is foreseen from less than this since the reset. */
  least: z
    .strictObject({ readings: z.int().min(3).max(16).default(3), for: duration.default(6 * 3_600_000) })
    .prefault({}),
  /** Least time between kept readings; default: a 24th of `within`. */
  every: positive.optional(),
  /** Readings older than this do not count; default: all since the reset. */
  over: positive.optional(),
})

interface Options {
  readonly slots: ReadonlyMap<string, number>
  readonly when: Evaluate<boolean> | undefined
  /** 1 = rising; -1 = falling, and then all values are judged upside down. */
  readonly sign: 1 | -1
  readonly reaches: number
  readonly within: number
  readonly rounds: ReturnType<typeof createRounds> | undefined
  readonly step: number | undefined
  readonly least: { readonly readings: number; readonly for: number }
  readonly every: number
  readonly over: number
}

interface Series {
  /** Kept readings, oldest first: event times (ms) and values. */
  readonly at: readonly number[]
  readonly values: readonly number[]
  /** Least time (ms) between them now; doubles when there are too many. */
  readonly every: number
}

interface State extends Series {
  /** When the threshold is foreseen to be reached; absent = never. */
  readonly reachesAt?: number
  readonly phase?: Phase
}

const most = 20
const hourMs = 3_600_000

export const forecast = defineCondition({
  name: 'forecast',
  about: 'device',
  schema,
  build(spec, context): Condition<State> {
    const { field, direction, reset, every = spec.within / 24, over = Number.POSITIVE_INFINITY } = spec
    const rising = direction === 'rising'
    if (reset && 'drop' in reset !== rising)
      context.addProblem(`a ${direction} value is reset by a ${rising ? 'drop' : 'rise'}`, 'reset')
    return createForecast({
      ...spec,
      slots: context.numberField(field, 'field'),
      when: spec.when === undefined ? undefined : context.expression(spec.when, 'when'),
      rounds: spec.until === undefined ? undefined : createRounds(spec.until, spec.late),
      sign: rising ? 1 : -1,
      step: reset && ('drop' in reset ? reset.drop : reset.rise),
      every,
      over,
    })
  },
})

function createForecast(options: Options): Condition<State> {
  return {
    clock: 'device',
    acceptsLate: false,
    needsRepeatedReadings: false,
    clearedByPerson: false,
    applies: () => true,
    step(state, moment) {
      const { scope, ts } = moment
      const value = scope.reported[options.slots.get(scope.type) ?? -1]
      if (typeof value !== 'number') return state
      // Only what this very reading tells.
      scope.minTime = ts
      if (options.when && options.when(scope) !== true) return state
      const known = isWorthKeeping(options, state, { ts, value })
        ? keep(options, state, { ts, value })
        : state
      return known ? look(options, known, { moment, value }) : known
    },
    due: () => undefined,
    fire: (state) => state,
    phase: (state) => state?.phase,
    onClockRegression: (state) => state,
    isUnknown: (state) => !state || !isEnough(options, state),
  }
}

interface Point {
  readonly ts: number
  readonly value: number
}

/** Its time has come, or it stepped so far that it may be a reset. */
function isWorthKeeping({ step }: Options, state: State | undefined, { ts, value }: Point): boolean {
  if (!state) return true
  const last = state.at.length - 1
  const passed = ts - (state.at[last] as number)
  if (passed >= state.every || passed < 0) return true
  return step !== undefined && Math.abs(value - (state.values[last] as number)) >= step / 2
}

function keep(options: Options, state: State | undefined, { ts, value }: Point): State {
  const { at = [], values = [], every = options.every, phase } = state ?? {}
  if (isReset(options, values, value)) return { at: [ts], values: [value], every: options.every }
  // The device's clock was set back: the others were as long before each other as they were.
  const ahead = Math.max(0, (at.at(-1) ?? ts) - ts)
  const times = ahead === 0 ? at : at.map((time) => time - ahead)
  const first = times.findIndex((time) => time >= ts - options.over)
  const young = first < 0 ? at.length : first
  const grown = { at: times.slice(young).concat(ts), values: values.slice(young).concat(value), every }
  const kept = grown.at.length > most ? thinned(grown) : grown
  return { at: kept.at, values: kept.values, every: kept.every, reachesAt: foreseen(options, kept), phase }
}

/** Against the middle of the last three, so that one wild reading is not taken for the level before. */
function isReset({ step, sign }: Options, values: readonly number[], value: number): boolean {
  const before = median(values.slice(-3))
  return step !== undefined && before !== undefined && sign * (before - value) >= step - 1e-9
}

/** Every second one, the newest among them. */
function thinned(state: Series): Series {
  const isKept = (_: number, index: number): boolean => (state.at.length - 1 - index) % 2 === 0
  return {
    at: state.at.filter(isKept),
    values: state.values.filter(isKept),
    every: state.every * 2,
  }
}

const isEnough = ({ least }: Options, { at }: Series): boolean =>
  at.length >= least.readings && (at.at(-1) as number) - (at[0] as number) >= least.for

/** From the middle of the last three readings onward; `undefined` unless it clearly goes there. */
function foreseen(options: Options, state: Series): number | undefined {
  const { sign, reaches } = options
  const { at, values } = state
  if (!isEnough(options, state)) return undefined
  const start = at[0] as number
  const trend = theilSen(
    at.map((time) => time - start),
    values.map((value) => sign * value),
  )
  if (!trend || trend.lowerQuartile <= 0) return undefined
  const level = sign * (median(values.slice(-3)) as number)
  const from = median(at.slice(-3)) as number
  return Math.round(from + Math.max(0, sign * reaches - level) / trend.slope)
}

interface Look {
  readonly moment: Sample
  readonly value: number
}

function look(options: Options, state: State, { moment: { ts, muted, scope }, value }: Look): State {
  const { sign, reaches, within, rounds } = options
  const { reachesAt, phase } = state
  if (sign * (value - reaches) >= 0) return state
  if (phase) {
    const isFar = reachesAt === undefined || reachesAt - ts > 2 * within
    return isFar ? { ...state, phase: undefined } : state
  }
  if (muted || reachesAt === undefined || reachesAt - ts > within) return state
  if (rounds && reachesAt - ts > rounds(scope, ts, within)) return state
  const hoursLeft = Math.max(0, Math.round(((reachesAt - ts) / hourMs) * 10) / 10)
  const daysLeft = Math.round(hoursLeft / 24)
  return { ...state, phase: { startedAt: ts, raisedAt: ts, detail: { now: value, hoursLeft, daysLeft } } }
}
