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
import { type BuildContext, type Condition, defineCondition, type Phase, type Sample } from '../condition.ts'
import { dayMs, hourMs, localTime } from '../local-time.ts'
import {
  type Accumulator,
  type Aggregate,
  bit,
  countBits,
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
  hasLimit,
  type Limits,
  limitOptions,
  limitRequired,
  roundForDisplay,
  roundForState,
} from './baseline.ts'

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
  /** Identifies the learned figures; when it changes, learning starts again. */
  readonly definition: string
  readonly over: number
  readonly least: number
  readonly days: number
  readonly clearDays: number
}

interface State {
  readonly definition: string
  /** End of the current slot (hour, or day for event counts), event time. */
  readonly slotEnd: number
  /** Current day: its number, its start and the bits of its hours with readings. */
  readonly day: number
  readonly periodStart: number
  readonly coverage: number
  readonly accumulator: Accumulator
  /** Hours covered on a usual day; undefined on the first day, which is seldom complete. */
  readonly usualCoverage?: number
  /** Figures of the learned days, oldest first. */
  readonly history: readonly number[]
  /** Figures of consecutive deviating days before an episode, and the start of the first. */
  readonly deviatingFigures: readonly number[]
  readonly deviatingSince: number
  /** Consecutive normal days within an episode. */
  readonly normalCount: number
  readonly phase?: Phase
}

export const drift = defineCondition({
  name: 'drift',
  about: 'both',
  schema,
  formerStateKeys: {
    of: 'definition',
    until: 'slotEnd',
    from: 'periodStart',
    heard: 'coverage',
    parts: 'accumulator',
    usual: 'usualCoverage',
    past: 'history',
    odd: 'deviatingFigures',
    oddFrom: 'deviatingSince',
    calm: 'normalCount',
  },
  build(spec, context): Condition<State> {
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
  if (perDay === 'count') {
    if (field !== undefined)
      context.addProblem('perDay: count has no field; when selects the readings to count', 'field')
    if (!when) context.addProblem('perDay: count needs when', 'perDay')
    return eventCount(when ?? (() => undefined), maxAge)
  }
  if (field === undefined) context.addProblem(`perDay: ${perDay} needs a field`, 'perDay')
  const slots = field === undefined ? new Map<string, number>() : context.numberField(field, 'field')
  if (perDay === 'increase') {
    if (when) context.addProblem('when cannot be used with perDay: increase', 'when')
    const counters = each === undefined ? [slots] : [slots, context.numberField(each, 'each')]
    return counterIncrease(counters, spec.leastEach)
  }
  if (perDay === 'max') return maximum({ slots, when, maxAge })
  return hourlySamples({ slots, when, maxAge }, perDay === 'median' ? medianOf : meanOf)
}

function createDrift(options: Options): Condition<State> {
  const { aggregate } = options
  const slotLength = aggregate.hourly ? hourMs : dayMs
  return {
    clock: 'device',
    acceptsLate: false,
    needsRepeatedReadings: false,
    clearedByPerson: false,
    // Values of several devices are not one series; their events may be counted together.
    applies: ({ members }) => !aggregate.hourly || members.length === 1,
    step(state, sample) {
      const { ts } = sample
      if (state && sample.muted) return withAccumulator(state, aggregate.pause(state.accumulator, sample))
      if (state && ts < state.slotEnd && ts >= state.slotEnd - slotLength) {
        return withAccumulator(state, aggregate.update(state.accumulator, sample))
      }
      return aggregate.accepts(sample) ? startSlot(options, state, sample) : state
    },
    due: () => undefined,
    fire: (state) => state,
    phase: (state) => state?.phase,
    onClockRegression: (state) => state,
    isUnknown: (state) => (state?.history.length ?? 0) < options.least,
  }
}

const emptyHistory: readonly number[] = []

const withAccumulator = (state: State, accumulator: Accumulator): State =>
  accumulator === state.accumulator ? state : { ...state, accumulator }

/** First reading of another hour or day. */
function startSlot(options: Options, state: State | undefined, sample: Sample): State {
  const { aggregate } = options
  const { day, ofDay } = localTime(sample.scope, sample.ts)
  const periodStart = sample.ts - ofDay
  const hour = Math.floor(ofDay / hourMs)
  const slotEnd = periodStart + (aggregate.hourly ? (hour + 1) * hourMs : dayMs)
  const known = state?.definition === options.definition ? state : undefined
  if (known?.day === day) {
    const coverage = known.coverage | bit(hour)
    return { ...known, slotEnd, coverage, accumulator: aggregate.nextSlot(known.accumulator, sample) }
  }
  const consecutive = known !== undefined && day === known.day + 1
  const accumulator = aggregate.start(sample, consecutive)
  const current = { slotEnd, day, periodStart, coverage: bit(hour), accumulator }
  // After a clock regression the current day is dropped; what was learned is kept.
  if (known) return { ...(day < known.day ? known : closeDay(options, known, sample)), ...current }
  return {
    definition: options.definition,
    ...current,
    usualCoverage: undefined,
    history: emptyHistory,
    deviatingFigures: emptyHistory,
    deviatingSince: 0,
    normalCount: 0,
    phase: state?.phase,
  }
}

function closeDay(options: Options, state: State, sample: Sample): State {
  const { aggregate, least } = options
  const covered = countBits(state.coverage)
  const { usualCoverage, history } = state
  // Decays slowly, so that a device that now reports less often is evaluated again after some weeks.
  const next = { ...state, usualCoverage: Math.max(covered, (usualCoverage ?? 0) * (15 / 16)) }
  const figure = aggregate.finish(state.accumulator, sample)
  const isComplete = usualCoverage !== undefined && (!aggregate.hourly || covered * 2 >= usualCoverage)
  if (figure === undefined || !isComplete) return next
  const comparison = history.length >= least ? compareWithBaseline(figure, history, options) : undefined
  if (comparison?.deviates) return onDeviatingDay(options, next, { sample, comparison })
  if (state.phase && comparison && !comparison.isNormal) return next
  return onNormalDay(options, next, roundForState(figure))
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
  const { value, baseline, z: score } = comparison
  const detail = {
    normal: roundForDisplay(baseline),
    now: roundForDisplay(value),
    z: roundForDisplay(score),
    days,
  }
  const phase = { startedAt: deviatingSince, raisedAt: sample.ts, detail }
  return { ...state, deviatingFigures: [], deviatingSince, normalCount: 0, phase }
}
