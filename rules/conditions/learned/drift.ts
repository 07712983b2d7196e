/**
 * A device that slowly becomes another one: its figure of the day is out of its own last weeks, several days running.
 *
 * Days are those of the site. A day is judged with the first reading of a later one, and only when at least half of the
 * usual hours were heard (counted things: when every device was heard); any other day is unknown, which neither begins
 * nor ends anything. Days of an alert are not learned, so it cannot become normal; single odd days are. It ends with a day
 * within half of the limits.
 */
import { z } from 'zod'
import { duration, expressionText } from '../../schema/fields.ts'
import { type BuildContext, type Condition, defineCondition, type Phase, type Sample } from '../condition.ts'
import {
  hasTest,
  judgeFigure,
  needsTest,
  readable,
  short,
  type Tests,
  tests,
  type Verdict,
} from './baseline.ts'
import {
  bit,
  bitsIn,
  counted,
  type DayFigure,
  highest,
  increase,
  meanOf,
  medianOf,
  ofSamples,
  type Parts,
} from './day-figure.ts'
import { dayMs, hourMs, localTime } from './local-span.ts'

const schema = z
  .strictObject({
    /** The number that drifts; not for `perDay: count`. */
    field: z.string().min(1).optional(),
    perDay: z.enum(['median', 'mean', 'max', 'increase', 'count']).default('median'),
    /** A counter: `increase` of the field for each one of these, e.g. door openings a trip. */
    each: z.string().min(1).optional(),
    /** A day with fewer of `each` is not judged. */
    leastEach: z.number().positive().default(10),
    /** Readings that count, e.g. only while a lift is moving; for `perDay: count` what is counted. */
    when: expressionText.optional(),
    /** What is normal is learned from so many last days. */
    over: duration.default(14 * dayMs).refine((value) => value <= 35 * dayMs, 'must be at most 35d'),
    /** Nothing is judged before so many days are learned; default: half of `over`. */
    least: duration.optional(),
    days: z.int().min(1).max(14).default(3),
    /** So many normal days end it. */
    clearDays: z.int().min(1).max(14).default(1),
    ...tests,
    hold: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
  })
  .refine(hasTest, needsTest)

type Spec = z.output<typeof schema>

interface Options extends Tests {
  readonly figure: DayFigure
  /** Names what is learned; another meaning of the numbers begins anew. */
  readonly of: string
  readonly over: number
  readonly least: number
  readonly days: number
  readonly clearDays: number
}

interface State {
  readonly of: string
  /** End of the hour (or day) for which nothing more is sampled, event time. */
  readonly until: number
  /** The day that is going on: its number, when it began, its hours heard (bits), its parts. */
  readonly day: number
  readonly from: number
  readonly heard: number
  readonly parts: Parts
  /** Hours heard on a usual day; absent on the first, which is seldom whole. */
  readonly usual?: number
  /** Figures of the days learned, oldest first. */
  readonly past: readonly number[]
  /** Figures of odd days running, and when the first of them began. */
  readonly odd: readonly number[]
  readonly oddFrom: number
  /** Normal days since the alert began. */
  readonly calm: number
  readonly phase?: Phase
}

export const drift = defineCondition({
  name: 'drift',
  about: 'both',
  schema,
  build(spec, context): Condition<State> {
    const over = Math.round(spec.over / dayMs)
    return createDrift({
      ...spec,
      figure: figureOf(spec, context),
      of: [spec.perDay, spec.field, spec.each, spec.when].filter((part) => part !== undefined).join(' '),
      over,
      least: Math.min(over, spec.least === undefined ? Math.ceil(over / 2) : Math.ceil(spec.least / dayMs)),
      counted: spec.perDay === 'count' || (spec.perDay === 'increase' && spec.each === undefined),
    })
  },
})

function figureOf(spec: Spec, context: BuildContext): DayFigure {
  const { field, perDay, each } = spec
  const hold = spec.hold ?? context.offlineAfter
  const when = spec.when === undefined ? undefined : context.expression(spec.when, 'when')
  if (each !== undefined && perDay !== 'increase') context.addProblem('each is for perDay: increase', 'each')
  if (perDay === 'count') {
    if (field !== undefined)
      context.addProblem('perDay: count has no field, but what is counted in when', 'field')
    if (!when) context.addProblem('perDay: count needs when', 'perDay')
    return counted(when ?? (() => undefined), hold)
  }
  if (field === undefined) context.addProblem(`perDay: ${perDay} needs a field`, 'perDay')
  const slots = field === undefined ? new Map<string, number>() : context.numberField(field, 'field')
  if (perDay === 'increase') {
    if (when) context.addProblem('a counter counts always: no when for perDay: increase', 'when')
    return increase(each === undefined ? [slots] : [slots, context.numberField(each, 'each')], spec.leastEach)
  }
  if (perDay === 'max') return highest({ slots, when, hold })
  return ofSamples({ slots, when, hold }, perDay === 'median' ? medianOf : meanOf)
}

function createDrift(options: Options): Condition<State> {
  const { figure } = options
  const span = figure.hourly ? hourMs : dayMs
  return {
    clock: 'device',
    acceptsLate: false,
    needsRepeatedReadings: false,
    clearedByPerson: false,
    // The numbers of several devices are not one series; what they do may be counted together.
    applies: ({ members }) => !figure.hourly || members.length === 1,
    step(state, moment) {
      const { ts } = moment
      if (state && moment.muted) return withParts(state, figure.pause(state.parts, moment))
      if (state && ts < state.until && ts >= state.until - span) {
        return withParts(state, figure.within(state.parts, moment))
      }
      return figure.sees(moment) ? turn(options, state, moment) : state
    },
    due: () => undefined,
    fire: (state) => state,
    phase: (state) => state?.phase,
    onClockRegression: (state) => state,
    isUnknown: (state) => (state?.past.length ?? 0) < options.least,
  }
}

const none: readonly number[] = []

const withParts = (state: State, parts: Parts): State => (parts === state.parts ? state : { ...state, parts })

/** The first reading of another hour or day. */
function turn(options: Options, state: State | undefined, moment: Sample): State {
  const { figure } = options
  const { day, ofDay } = localTime(moment.scope, moment.ts)
  const from = moment.ts - ofDay
  const hour = Math.floor(ofDay / hourMs)
  const until = from + (figure.hourly ? (hour + 1) * hourMs : dayMs)
  const known = state?.of === options.of ? state : undefined
  if (known?.day === day) {
    const heard = known.heard | bit(hour)
    return { ...known, until, heard, parts: figure.next(known.parts, moment) }
  }
  const consecutive = known !== undefined && day === known.day + 1
  const heard = bit(hour)
  const parts = figure.begin(moment, consecutive)
  const begun = { until, day, from, heard, parts }
  // A clock that was set back: the day that was going on is given up, what was learned is not.
  if (known) return day < known.day ? { ...known, ...begun } : { ...close(options, known, moment), ...begun }
  const fresh = { past: none, odd: none, oddFrom: 0, calm: 0, phase: state?.phase }
  return { of: options.of, until, day, from, heard, parts, usual: undefined, ...fresh }
}

function close(options: Options, state: State, moment: Sample): State {
  const hours = bitsIn(state.heard)
  const { usual } = state
  // Forgotten slowly, so that a device that reports more seldom for good is judged again after some weeks.
  const next = { ...state, usual: Math.max(hours, (usual ?? 0) * (15 / 16)) }
  const figure = options.figure.end(state.parts, moment)
  const isWhole = usual !== undefined && (!options.figure.hourly || hours * 2 >= usual)
  if (figure === undefined || !isWhole) return next
  const verdict = state.past.length >= options.least ? judgeFigure(figure, state.past, options) : undefined
  if (verdict?.deviates) return oddDay(options, next, { moment, verdict })
  return state.phase && verdict && !verdict.isNormal ? next : normalDay(options, next, short(figure))
}

function normalDay(options: Options, state: State, figure: number): State {
  const calm = state.calm + 1
  if (state.phase && calm < options.clearDays) return { ...state, calm }
  const past = [...state.past, ...(state.phase ? [] : state.odd), figure].slice(-options.over)
  return { ...state, past, odd: [], calm: 0, phase: undefined }
}

interface OddDay {
  readonly moment: Sample
  readonly verdict: Verdict
}

function oddDay(options: Options, state: State, { moment, verdict }: OddDay): State {
  if (state.phase) return state.calm === 0 ? state : { ...state, calm: 0 }
  const odd = [...state.odd, short(verdict.now)].slice(-options.over)
  const oddFrom = state.odd.length === 0 ? state.from : state.oddFrom
  if (odd.length < options.days || moment.muted) return { ...state, odd, oddFrom }
  const { now, normal, z: score } = verdict
  const detail = { normal: readable(normal), now: readable(now), z: readable(score), days: odd.length }
  return { ...state, odd: [], oddFrom, calm: 0, phase: { startedAt: oddFrom, raisedAt: moment.ts, detail } }
}
