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
import { type BuildContext, type ConditionBehavior, defineCondition, type Sample } from '../condition.ts'
import { dayMs, hourMs, isWeekend } from '../local-time.ts'
import { type Aggregate, bit, counterIncrease, hourlySamples, meanOf } from './aggregate.ts'
import {
  type Comparison,
  compareWithBaseline,
  comparisonDetail,
  hasLimit,
  type Limits,
  limitOptions,
  limitRequired,
  roundForState,
} from './baseline.ts'
import {
  type FinishedPeriod,
  finishPeriod,
  formerPeriodKeys,
  type PeriodState,
  type PeriodTracker,
  stepPeriods,
} from './periods.ts'

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

interface State extends PeriodState {
  /** Known days, oldest first, including today. */
  readonly history: readonly DayFigures[]
  /** Consecutive deviating periods before an episode, and the start of the first. */
  readonly deviatingCount: number
  readonly deviatingSince: number
  /** Consecutive normal periods within an episode. */
  readonly normalCount: number
}

const quarters = 4
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
    ...formerPeriodKeys,
    rows: 'history',
    odd: 'deviatingCount',
    oddFrom: 'deviatingSince',
    calm: 'normalCount',
  },
  build(spec, context): ConditionBehavior<State> {
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

function createDeviation(options: Options): ConditionBehavior<State> {
  const { aggregate, definition, per } = options
  const tracker: PeriodTracker<State> = {
    aggregate,
    definition,
    per,
    slotLength: per / quarters,
    mutedBit: bit(quarters),
    distance: (from, to) => (to.periodStart - from.periodStart) / per,
    begin: (first) => ({ ...first, history: noDays, deviatingCount: 0, deviatingSince: 0, normalCount: 0 }),
    rewind: (state, day) => ({ ...state, history: state.history.filter((one) => one.day <= day) }),
    close: (state, sample) => onPeriodEnd(options, finishPeriod(tracker, state, sample), sample),
  }
  return {
    step: (state, sample) => stepPeriods(tracker, state, sample),
    phase: (state) => state?.phase,
    onClockRegression: (state) => state,
    isUnknown: (state) => !isLearned(options, state),
  }
}

const noDays: readonly DayFigures[] = []

function onPeriodEnd(
  options: Options,
  { state, figure, covered }: FinishedPeriod<State>,
  sample: Sample,
): State {
  if (figure === undefined) return state
  // "Nothing happened" needs readings in every quarter of the period.
  if (options.below !== undefined && covered < quarters) return learn(options, state, null)
  // The hour repeated when summer time ends has two figures; treat it as unknown.
  if (figuresOf(state.history, state.day)?.[state.period] != null) return learn(options, state, null)
  const comparison = evaluatePeriod(options, state, figure)
  if (comparison?.deviates) return onDeviatingPeriod(options, state, { sample, comparison })
  if (!comparison || (state.phase && !comparison.isNormal))
    return learn(options, state, roundForState(figure))
  return onNormalPeriod(options, state, roundForState(figure))
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
  const detail = { ...comparisonDetail(comparison), hours: (deviatingCount * options.per) / hourMs }
  const phase = { startedAt: deviatingSince, raisedAt: sample.ts, detail }
  return { ...learned, deviatingCount: 0, normalCount: 0, phase }
}
