/**
 * A period (one or more whole hours) unlike the same period of earlier days. It must deviate both from days of the same kind
 * (workdays or weekend) and from the same weekday, so that neither a Friday habit nor one odd week raises an alert; with
 * `days: any` also from the other kind of days, so that a holiday that resembles a Sunday is accepted.
 *
 * Periods are in the site's local time. A period is evaluated with the first reading after it, if at least half of its usual
 * quarters had readings; otherwise it is unknown and neither starts nor ends anything. During an episode only the first day
 * of deviating periods is learned: a new habit becomes normal after some weeks, a lasting failure never does. The hour that
 * occurs twice when summer time ends is not evaluated.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import { type BuildContext, type Condition, defineCondition, type Phase, type Sample } from '../condition.ts'
import { dayMs, hourMs, isWeekend, localTime } from '../local-time.ts'
import {
  type Accumulator,
  type Aggregate,
  bit,
  countBits,
  counterIncrease,
  hourlySamples,
  meanOf,
} from './aggregate.ts'
import {
  type Comparison,
  compareWithBaseline,
  hasLimit,
  type Limits,
  limitOptions,
  limitRequired,
  roundForDisplay,
  roundForState,
} from './baseline.ts'

const hours = [1, 2, 3, 4, 6, 8, 12, 24]

const schema = z
  .strictObject({
    field: z.string().min(1),
    /** Length of the compared periods: whole hours that divide a day. */
    per: duration
      .default(hourMs)
      .refine((value) => hours.includes(value / hourMs), `must be ${hours.join(', ')} hours`),
    /** The field is a counter: its increase is compared, otherwise its mean. */
    counter: z.boolean().default(false),
    /** Selects readings, e.g. only while a lift is moving; not for counters. */
    when: expressionText.optional(),
    ...limitOptions,
    /** Instead of or besides the other limits: at most this where `atLeast` is normal. */
    below: z.number().optional(),
    weeks: z.int().min(1).max(5).default(4),
    /** Learning time before the first evaluation. */
    least: duration.default(14 * dayMs),
    days: z.enum(['own', 'any']).default('own'),
    /** Consecutive deviating periods that raise an alert, and consecutive normal ones that end it. */
    running: z.int().min(1).max(24).default(1),
    clearRunning: z.int().min(1).max(24).default(1),
    maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
  })
  .refine(
    (spec) => hasLimit(spec) || spec.below !== undefined,
    limitRequired.replace('one of', 'one of below,'),
  )

type Spec = z.output<typeof schema>

interface Options extends Limits {
  readonly aggregate: Aggregate
  /** Identifies the learned figures; when it changes, learning starts again. */
  readonly definition: string
  readonly per: number
  readonly below: number | undefined
  readonly weeks: number
  readonly least: number
  readonly days: 'own' | 'any'
  readonly running: number
  readonly clearRunning: number
}

/** Figures of one day, by period; null = unknown. */
interface DayFigures {
  readonly day: number
  readonly figures: readonly (number | null)[]
}

interface State {
  readonly definition: string
  /** End of the current quarter of the period, event time. */
  readonly slotEnd: number
  /** Current period: its day, its index within the day and its start. */
  readonly day: number
  readonly period: number
  readonly periodStart: number
  /** Bits of the quarters with readings, and `mutedBit`. */
  readonly coverage: number
  readonly accumulator: Accumulator
  /** Quarters covered in a usual period; undefined during the first period, which is seldom complete. */
  readonly usualCoverage?: number
  /** Known days, oldest first, including today. */
  readonly history: readonly DayFigures[]
  /** Consecutive deviating periods before an episode, and the start of the first. */
  readonly deviatingCount: number
  readonly deviatingSince: number
  /** Consecutive normal periods within an episode. */
  readonly normalCount: number
  readonly phase?: Phase
}

const quarters = 4
/** Set beside the quarters: part of the period was muted. */
const mutedBit = bit(quarters)
/** Known days of one kind before a comparison; two weeks have four weekend days. */
const minDays = 4
/** Known days of the same weekday before they are compared. */
const minSameWeekdays = 2
/** A short history often underestimates the spread by chance, and a week has 168 hours in which to be wrong. */
const caution = 4

export const deviation = defineCondition({
  name: 'deviation',
  about: 'device',
  schema,
  formerStateKeys: {
    of: 'definition',
    until: 'slotEnd',
    from: 'periodStart',
    heard: 'coverage',
    parts: 'accumulator',
    usual: 'usualCoverage',
    rows: 'history',
    odd: 'deviatingCount',
    oddFrom: 'deviatingSince',
    calm: 'normalCount',
  },
  build(spec, context): Condition<State> {
    if (spec.below !== undefined && spec.atLeast === undefined)
      context.addProblem('below needs atLeast: a low figure is expected where little is normal', 'below')
    return createDeviation({
      ...spec,
      aggregate: buildAggregate(spec, context),
      definition: [spec.counter ? 'increase' : 'mean', spec.field, spec.per, spec.when].join(' '),
      below: spec.below,
      least: Math.ceil(spec.least / dayMs),
      counted: spec.counter,
      caution,
    })
  },
})

function buildAggregate({ field, counter, when: text, maxAge }: Spec, context: BuildContext): Aggregate {
  const slots = context.numberField(field, 'field')
  if (counter) {
    if (text !== undefined) context.addProblem('when cannot be used with a counter', 'when')
    return counterIncrease([slots], 0)
  }
  const when: Evaluate<boolean> | undefined =
    text === undefined ? undefined : context.expression(text, 'when')
  return hourlySamples({ slots, when, maxAge: maxAge ?? context.offlineAfter }, meanOf)
}

function createDeviation(options: Options): Condition<State> {
  const { aggregate, per } = options
  return {
    clock: 'device',
    acceptsLate: false,
    needsRepeatedReadings: false,
    clearedByPerson: false,
    applies: () => true,
    step(state, sample) {
      const { ts } = sample
      if (state && sample.muted) return markMuted(aggregate, state, sample)
      if (state && ts < state.slotEnd && ts >= state.slotEnd - per / quarters) {
        return withAccumulator(state, aggregate.update(state.accumulator, sample))
      }
      return aggregate.accepts(sample) ? startSlot(options, state, sample) : state
    },
    due: () => undefined,
    fire: (state) => state,
    phase: (state) => state?.phase,
    onClockRegression: (state) => state,
    isUnknown: (state) => !isLearned(options, state),
  }
}

/** A period with a muted reading is incomplete and stays unknown. */
function markMuted(aggregate: Aggregate, state: State, sample: Sample): State {
  const paused = withAccumulator(state, aggregate.pause(state.accumulator, sample))
  return paused.coverage & mutedBit ? paused : { ...paused, coverage: paused.coverage | mutedBit }
}

const emptyHistory: readonly DayFigures[] = []

const withAccumulator = (state: State, accumulator: Accumulator): State =>
  accumulator === state.accumulator ? state : { ...state, accumulator }

/** First reading of another quarter, and perhaps of another period. */
function startSlot(options: Options, state: State | undefined, sample: Sample): State {
  const { aggregate, per } = options
  const { day, ofDay } = localTime(sample.scope, sample.ts)
  const period = Math.floor(ofDay / per)
  const quarter = Math.floor((ofDay - period * per) / (per / quarters))
  const periodStart = sample.ts - (ofDay - period * per)
  const slotEnd = periodStart + ((quarter + 1) * per) / quarters
  const known = state?.definition === options.definition ? state : undefined
  if (known && known.periodStart === periodStart) {
    const coverage = known.coverage | bit(quarter)
    return { ...known, slotEnd, coverage, accumulator: aggregate.nextSlot(known.accumulator, sample) }
  }
  const consecutive = known !== undefined && periodStart === known.periodStart + per
  const coverage = bit(quarter)
  const accumulator = aggregate.start(sample, consecutive)
  const current = { slotEnd, day, period, periodStart, coverage, accumulator }
  if (known) {
    const closed = periodStart < known.periodStart ? rewind(known, day) : closePeriod(options, known, sample)
    return { ...closed, ...current }
  }
  return {
    definition: options.definition,
    ...current,
    usualCoverage: undefined,
    history: emptyHistory,
    deviatingCount: 0,
    deviatingSince: 0,
    normalCount: 0,
    phase: state?.phase,
  }
}

/** Clock regression: drops the current period and keeps what was learned. */
function rewind(state: State, day: number): State {
  return { ...state, history: state.history.filter((one) => one.day <= day) }
}

function closePeriod(options: Options, state: State, sample: Sample): State {
  const covered = state.coverage & mutedBit ? 0 : countBits(state.coverage)
  const { usualCoverage } = state
  // Decays slowly, so that a device that now reports less often is evaluated again after some days.
  const next =
    covered === 0 ? state : { ...state, usualCoverage: Math.max(covered, (usualCoverage ?? 0) * (15 / 16)) }
  const figure = options.aggregate.finish(state.accumulator, sample)
  const isComplete = usualCoverage !== undefined && covered > 0 && covered * 2 >= usualCoverage
  if (figure === undefined || !isComplete) return next
  // "Nothing happened" needs readings in every quarter of the period.
  if (options.below !== undefined && covered < quarters) return learn(options, next, null)
  // The hour repeated when summer time ends has two figures; treat it as unknown.
  if (figuresOf(state.history, state.day)?.[state.period] != null) return learn(options, next, null)
  const comparison = evaluatePeriod(options, state, figure)
  if (comparison?.deviates) return onDeviatingPeriod(options, next, { sample, comparison })
  if (!comparison || (state.phase && !comparison.isNormal)) return learn(options, next, roundForState(figure))
  return onNormalPeriod(options, next, roundForState(figure))
}

const figuresOf = (history: readonly DayFigures[], day: number): DayFigures['figures'] | undefined =>
  history.find((one) => one.day === day)?.figures

/** Stores the figure of the finished period, unless an episode has lasted for more than a day. */
function learn(options: Options, state: State, figure: number | null): State {
  const { day, period } = state
  if (state.phase && state.periodStart - state.deviatingSince >= dayMs) return state
  const periods = dayMs / options.per
  const figures = figuresOf(state.history, day) ?? Array.from({ length: periods }, () => null)
  const today = { day, figures: figures.with(period, figure) }
  const others = state.history.filter((one) => one.day !== day).slice(-7 * options.weeks)
  return { ...state, history: [...others, today] }
}

const isLearned = ({ least }: Options, state: State | undefined): boolean =>
  state?.history[0] !== undefined && state.day - state.history[0].day >= least

/** `undefined` while too little is learned, or where less than `atLeast` is normal. */
function evaluatePeriod(options: Options, state: State, figure: number): Comparison | undefined {
  const { history, day, period } = state
  if (!isLearned(options, state)) return undefined
  const figuresOn = (isIncluded: (other: number) => boolean): number[] =>
    history.flatMap((one) => {
      const known = one.day !== day && isIncluded(one.day) ? one.figures[period] : null
      return known == null ? [] : [known]
    })
  const sameKind = figuresOn((other) => isWeekend(other) === isWeekend(day))
  const comparison = sameKind.length < minDays ? undefined : compare(options, figure, sameKind)
  if (!comparison?.deviates) return comparison
  const sameWeekday = figuresOn((other) => (day - other) % 7 === 0)
  const otherKind = options.days === 'any' ? figuresOn((other) => isWeekend(other) !== isWeekend(day)) : []
  // A history that explains the figure counts without widening, however short it is.
  const exact = { ...options, caution: 0 }
  const explanations = [
    sameWeekday.length >= minSameWeekdays ? sameWeekday : [],
    otherKind.length >= minDays ? otherKind : [],
  ]
    .map((figures) => compare(exact, figure, figures))
    .filter((other) => other?.deviates === false)
  if (explanations.length === 0) return comparison
  return { ...comparison, deviates: false, isNormal: explanations.some((other) => other?.isNormal) }
}

function compare(options: Options, figure: number, history: readonly number[]): Comparison | undefined {
  const comparison = compareWithBaseline(figure, history, options)
  const { below, atLeast = 0 } = options
  if (!comparison || below === undefined) return comparison
  // If one figure in four is lower, "none at all" happens by chance every week.
  const isSeldomLower = history.filter((one) => one < atLeast).length * 4 <= history.length
  const isBelow = figure <= below && isSeldomLower
  const limited = hasLimit(options)
  return {
    ...comparison,
    deviates: isBelow || (limited && comparison.deviates),
    isNormal: !isBelow && (!limited || comparison.isNormal),
  }
}

function onNormalPeriod(options: Options, state: State, figure: number): State {
  const normalCount = state.normalCount + 1
  if (state.phase && normalCount < options.clearRunning)
    return { ...learn(options, state, figure), normalCount }
  return { ...learn(options, { ...state, phase: undefined }, figure), deviatingCount: 0, normalCount: 0 }
}

interface DeviatingPeriod {
  readonly sample: Sample
  readonly comparison: Comparison
}

function onDeviatingPeriod(options: Options, state: State, { sample, comparison }: DeviatingPeriod): State {
  const figure = roundForState(comparison.value)
  if (state.phase) return { ...learn(options, state, figure), normalCount: 0 }
  const deviatingCount = state.deviatingCount + 1
  const deviatingSince = state.deviatingCount === 0 ? state.periodStart : state.deviatingSince
  const learned = { ...learn(options, state, figure), deviatingCount, deviatingSince }
  if (deviatingCount < options.running || sample.muted) return learned
  const { value, baseline, z: score } = comparison
  const detail = {
    normal: roundForDisplay(baseline),
    now: roundForDisplay(value),
    z: roundForDisplay(score),
    hours: (deviatingCount * options.per) / hourMs,
  }
  const phase = { startedAt: deviatingSince, raisedAt: sample.ts, detail }
  return { ...learned, deviatingCount: 0, normalCount: 0, phase }
}
