/**
 * A device that slowly changes: its figure of the day deviates from its own last weeks, several days in a row.
 *
 * Days are in the site's local time. A day is evaluated with the first reading of a later one, and only if at least half of
 * its usual hours had readings (event counts: if every device sent something); any other day is unknown, which neither
 * starts nor ends anything. Days within an episode are not learned, so a deviation cannot become normal; single deviating
 * days are. The episode ends with a day within half of the limits.
 */
import { z } from 'zod'
import { duration, expressionText } from '../../schema/fields.ts'
import { type BuildContext, type ConditionBehavior, defineCondition, type Sample } from '../condition.ts'
import { dayMs, hourMs } from '../local-time.ts'
import {
  type Aggregate,
  counterIncrease,
  eventCount,
  hourlySamples,
  maximum,
  meanOf,
  medianOf,
} from './aggregate.ts'
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

const schema = z
  .strictObject({
    /** The number that drifts; not for `perDay: count`. */
    field: z.string().min(1).optional(),
    perDay: z.enum(['median', 'mean', 'max', 'increase', 'count']).default('median'),
    /** A second counter: `increase` of the field per increase of this one, e.g. door openings per trip. */
    each: z.string().min(1).optional(),
    /** A day with a smaller increase of `each` is not evaluated. */
    leastEach: z.number().positive().default(10),
    /** Selects readings, e.g. only while a lift is moving; for `perDay: count` the readings to count. */
    when: expressionText.optional(),
    /** Length of the history that defines the baseline. */
    over: duration.default(14 * dayMs).refine((value) => value <= 35 * dayMs, 'must be at most 35d'),
    /** Days to learn before the first evaluation; default: half of `over`. */
    least: duration.optional(),
    days: z.int().min(1).max(14).default(3),
    /** Consecutive normal days that end the episode. */
    clearDays: z.int().min(1).max(14).default(1),
    ...limitOptions,
    maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
  })
  .refine(hasLimit, limitRequired)

type Spec = z.output<typeof schema>

interface Options extends Limits {
  readonly aggregate: Aggregate
  readonly definition: string
  readonly over: number
  readonly least: number
  readonly days: number
  readonly clearDays: number
}

interface State extends PeriodState {
  /** Figures of the learned days, oldest first. */
  readonly history: readonly number[]
  /** Figures of consecutive deviating days before an episode, and the start of the first. */
  readonly deviatingFigures: readonly number[]
  readonly deviatingSince: number
  /** Consecutive normal days within an episode. */
  readonly normalCount: number
}

export const drift = defineCondition({
  name: 'drift',
  about: 'both',
  schema,
  formerStateKeys: {
    ...formerPeriodKeys,
    past: 'history',
    odd: 'deviatingFigures',
    oddFrom: 'deviatingSince',
    calm: 'normalCount',
  },
  build(spec, context): ConditionBehavior<State> {
    const { perDay, field, each, when } = spec
    const over = Math.round(spec.over / dayMs)
    return createDrift({
      ...spec,
      aggregate: buildAggregate(spec, context),
      definition: [perDay, field, each, when].filter((word) => word !== undefined).join(' '),
      over,
      least: Math.min(over, spec.least === undefined ? Math.ceil(over / 2) : Math.ceil(spec.least / dayMs)),
      counted: perDay === 'count' || (perDay === 'increase' && each === undefined),
    })
  },
})

function buildAggregate(spec: Spec, context: BuildContext): Aggregate {
  const { field, perDay, each } = spec
  const maxAge = spec.maxAge ?? context.offlineAfter
  const when = spec.when === undefined ? undefined : context.expression(spec.when, 'when')
  if (each !== undefined && perDay !== 'increase') context.addProblem('each needs perDay: increase', 'each')
  checkFields(spec, context)
  if (perDay === 'count') return eventCount(when ?? (() => undefined), maxAge)
  const slots = field === undefined ? new Map<string, number>() : context.numberField(field, 'field')
  if (perDay === 'increase') {
    const counters = each === undefined ? [slots] : [slots, context.numberField(each, 'each')]
    return counterIncrease(counters, spec.leastEach)
  }
  if (perDay === 'max') return maximum({ slots, when, maxAge })
  return hourlySamples({ slots, when, maxAge }, perDay === 'median' ? medianOf : meanOf)
}

/** Event counts need `when` and no field; all others need a field, and counters no `when`. */
function checkFields({ perDay, field, when }: Spec, context: BuildContext): void {
  if (perDay !== 'count') {
    if (field === undefined) context.addProblem(`perDay: ${perDay} needs a field`, 'perDay')
    if (perDay === 'increase' && when !== undefined)
      context.addProblem('when cannot be used with perDay: increase', 'when')
    return
  }
  if (field !== undefined)
    context.addProblem('perDay: count has no field; when selects the readings to count', 'field')
  if (when === undefined) context.addProblem('perDay: count needs when', 'perDay')
}

function createDrift(options: Options): ConditionBehavior<State> {
  const { aggregate, definition } = options
  const tracker: PeriodTracker<State> = {
    aggregate,
    definition,
    per: dayMs,
    slotLength: aggregate.hourly ? hourMs : dayMs,
    mutedBit: 0,
    distance: (from, to) => to.day - from.day,
    begin: (first) => ({
      ...first,
      history: noFigures,
      deviatingFigures: noFigures,
      deviatingSince: 0,
      normalCount: 0,
    }),
    rewind: (state) => state,
    close: (state, sample) => onDayEnd(options, finishPeriod(tracker, state, sample), sample),
  }
  return {
    // Values of several devices are not one series; their events may be counted together.
    applies: ({ members }) => !aggregate.hourly || members.length === 1,
    step: (state, sample) => stepPeriods(tracker, state, sample),
    phase: (state) => state?.phase,
    onClockRegression: (state) => state,
    isUnknown: (state) => (state?.history.length ?? 0) < options.least,
  }
}

const noFigures: readonly number[] = []

function onDayEnd(options: Options, { state, figure }: FinishedPeriod<State>, sample: Sample): State {
  const { history, phase } = state
  if (figure === undefined) return state
  const comparison =
    history.length >= options.least ? compareWithBaseline(figure, history, options) : undefined
  if (comparison?.deviates) return onDeviatingDay(options, state, { sample, comparison })
  if (phase && comparison && !comparison.isNormal) return state
  return onNormalDay(options, state, roundForState(figure))
}

function onNormalDay(options: Options, state: State, figure: number): State {
  const normalCount = state.normalCount + 1
  if (state.phase && normalCount < options.clearDays) return { ...state, normalCount }
  const history = [...state.history, ...(state.phase ? [] : state.deviatingFigures), figure].slice(
    -options.over,
  )
  return { ...state, history, deviatingFigures: [], normalCount: 0, phase: undefined }
}

interface DeviatingDay {
  readonly sample: Sample
  readonly comparison: Comparison
}

function onDeviatingDay(options: Options, state: State, { sample, comparison }: DeviatingDay): State {
  if (state.phase) return state.normalCount === 0 ? state : { ...state, normalCount: 0 }
  const deviatingFigures = [...state.deviatingFigures, roundForState(comparison.value)].slice(-options.over)
  const deviatingSince = state.deviatingFigures.length === 0 ? state.periodStart : state.deviatingSince
  const days = deviatingFigures.length
  if (days < options.days || sample.muted) return { ...state, deviatingFigures, deviatingSince }
  const detail = { ...comparisonDetail(comparison), days }
  const phase = { startedAt: deviatingSince, raisedAt: sample.ts, detail }
  return { ...state, deviatingFigures: [], deviatingSince, normalCount: 0, phase }
}
