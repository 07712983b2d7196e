/**
 * A value expected to reach a threshold within a given time, by the Theil-Sen slope of its readings since the last reset
 * (bin emptied, battery changed).
 *
 * Up to twenty readings since the reset are kept, at first one per `every`, later with growing distances. Each kept reading
 * updates the forecast; every reading compares it with `within`. Once the threshold is reached the episode lasts until the
 * reset; before that it ends when the forecast is farther away than twice `within`.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase, type Sample } from '../condition.ts'
import { hourMs } from '../local-time.ts'
import { median, theilSen } from '../robust.ts'
import { createTimeToVisit } from './planned-visits.ts'

const positive = duration.refine((value) => value > 0, 'must be greater than 0')

const schema = z.strictObject({
  field: z.string().min(1),
  /** Selects readings, e.g. without the -1 of a battery whose level is unknown. */
  when: expressionText.optional(),
  reaches: z.number(),
  within: positive,
  /** Meta field with times of the day, e.g. of planned visits: the time until the next one replaces `within` where it is known. */
  until: z.string().min(1).optional(),
  /** With `until`: a visit may be this late; until then nothing is raised. */
  late: duration.default(0),
  direction: z.enum(['rising', 'falling']).default('rising'),
  /** A step against the direction that restarts the forecast: a drop of a rising value, a rise of a falling one. */
  reset: z
    .strictObject({ drop: z.number().positive() })
    .or(z.strictObject({ rise: z.number().positive() }))
    .optional(),
  /** Readings and time since the reset that a forecast needs. */
  least: z
    .strictObject({ readings: z.int().min(3).max(16).default(3), for: duration.default(6 * 3_600_000) })
    .prefault({}),
  /** Minimum distance of kept readings; default: a 24th of `within`. */
  every: positive.optional(),
  /** Ignores readings older than this; default: all since the reset count. */
  over: positive.optional(),
})

interface Options {
  readonly slots: ReadonlyMap<string, number>
  readonly when: Evaluate<boolean> | undefined
  /** 1 = rising; -1 = falling, which is evaluated with negated values. */
  readonly sign: 1 | -1
  readonly reaches: number
  readonly within: number
  readonly timeToVisit: ReturnType<typeof createTimeToVisit> | undefined
  readonly resetStep: number | undefined
  readonly least: { readonly readings: number; readonly for: number }
  readonly every: number
  readonly over: number
}

interface Series {
  /** Kept readings, oldest first: event times (ms) and values. */
  readonly times: readonly number[]
  readonly values: readonly number[]
  /** Current minimum distance (ms) between them; doubles when the series is full. */
  readonly spacing: number
}

interface State extends Series {
  /** Expected time of reaching the threshold; undefined = never. */
  readonly reachesAt?: number
  readonly phase?: Phase
}

const maxReadings = 20

export const forecast = defineCondition({
  name: 'forecast',
  about: 'device',
  schema,
  formerStateKeys: { at: 'times', every: 'spacing' },
  build(spec, context): ConditionBehavior<State> {
    const { field, direction, reset, every = spec.within / 24, over = Number.POSITIVE_INFINITY } = spec
    const rising = direction === 'rising'
    if (reset && 'drop' in reset !== rising)
      context.addProblem(`a ${direction} value is reset by a ${rising ? 'drop' : 'rise'}`, 'reset')
    return createForecast({
      ...spec,
      slots: context.numberField(field, 'field'),
      when: spec.when === undefined ? undefined : context.expression(spec.when, 'when'),
      timeToVisit: spec.until === undefined ? undefined : createTimeToVisit(spec.until, spec.late),
      sign: rising ? 1 : -1,
      resetStep: reset && ('drop' in reset ? reset.drop : reset.rise),
      every,
      over,
    })
  },
})

function createForecast(options: Options): ConditionBehavior<State> {
  return {
    step(state, sample) {
      const { scope, ts } = sample
      const value = scope.reported[options.slots.get(scope.type) ?? -1]
      if (typeof value !== 'number') return state
      // Only values of this very message count.
      scope.minTime = ts
      if (options.when && options.when(scope) !== true) return state
      const point = { ts, value }
      const next = needsPoint(options, state, point) ? addPoint(options, state, point) : state
      return next && compareForecast(options, next, { sample, value })
    },
    phase: (state) => state?.phase,
    onClockRegression: (state) => state,
    isUnknown: (state) => !state || !isLongEnough(options, state),
  }
}

interface Point {
  readonly ts: number
  readonly value: number
}

/** The next reading is due, or the value stepped far enough to be a reset. */
function needsPoint({ resetStep }: Options, state: State | undefined, { ts, value }: Point): boolean {
  if (!state) return true
  const newest = state.times.length - 1
  const elapsed = ts - (state.times[newest] as number)
  if (elapsed >= state.spacing || elapsed < 0) return true
  return resetStep !== undefined && Math.abs(value - (state.values[newest] as number)) >= resetStep / 2
}

function addPoint(options: Options, state: State | undefined, { ts, value }: Point): State {
  const { times = [], values = [], spacing = options.every, phase } = state ?? {}
  if (isReset(options, values, value)) return { times: [ts], values: [value], spacing: options.every }
  // Clock regression: earlier readings move back and keep their distances.
  const ahead = Math.max(0, (times.at(-1) ?? ts) - ts)
  const earlier = ahead === 0 ? times : times.map((time) => time - ahead)
  const firstInRange = earlier.findIndex((time) => time >= ts - options.over)
  const start = firstInRange < 0 ? times.length : firstInRange
  const grown = { times: earlier.slice(start).concat(ts), values: values.slice(start).concat(value), spacing }
  const kept = grown.times.length > maxReadings ? thinOut(grown) : grown
  return {
    times: kept.times,
    values: kept.values,
    spacing: kept.spacing,
    reachesAt: forecastTime(options, kept),
    phase,
  }
}

/** Compares with the median of the last three, so that one outlier is not the former level. */
function isReset({ resetStep, sign }: Options, values: readonly number[], value: number): boolean {
  const level = median(values.slice(-3))
  return resetStep !== undefined && level !== undefined && sign * (level - value) >= resetStep - 1e-9
}

/** Every second reading, including the newest. */
function thinOut({ times, values, spacing }: Series): Series {
  const isKept = (_: number, index: number): boolean => (times.length - 1 - index) % 2 === 0
  return { times: times.filter(isKept), values: values.filter(isKept), spacing: spacing * 2 }
}

const isLongEnough = ({ least }: Options, { times }: Series): boolean =>
  times.length >= least.readings && (times.at(-1) as number) - (times[0] as number) >= least.for

/** Extrapolates from the median of the last three readings; `undefined` unless the trend is clear. */
function forecastTime(options: Options, series: Series): number | undefined {
  const { sign, reaches } = options
  const { times, values } = series
  if (!isLongEnough(options, series)) return undefined
  const start = times[0] as number
  const trend = theilSen(
    times.map((time) => time - start),
    values.map((value) => sign * value),
  )
  if (!trend || trend.lowerQuartile <= 0) return undefined
  const level = sign * (median(values.slice(-3)) as number)
  const from = median(times.slice(-3)) as number
  return Math.round(from + Math.max(0, sign * reaches - level) / trend.slope)
}

interface Current {
  readonly sample: Sample
  readonly value: number
}

/** Starts or ends the episode by the time that is left. */
function compareForecast(options: Options, state: State, { sample, value }: Current): State {
  const { ts, muted, scope } = sample
  const { sign, reaches, within, timeToVisit } = options
  const { reachesAt, phase } = state
  if (sign * (value - reaches) >= 0) return state
  if (phase) {
    const isFar = reachesAt === undefined || reachesAt - ts > 2 * within
    return isFar ? { ...state, phase: undefined } : state
  }
  if (muted || reachesAt === undefined || reachesAt - ts > within) return state
  if (timeToVisit && reachesAt - ts > timeToVisit(scope, ts, within)) return state
  const hoursLeft = Math.max(0, Math.round(((reachesAt - ts) / hourMs) * 10) / 10)
  const daysLeft = Math.round(hoursLeft / 24)
  return { ...state, phase: { startedAt: ts, raisedAt: ts, detail: { now: value, hoursLeft, daysLeft } } }
}
