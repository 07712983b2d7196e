/**
 * An hour (or some hours) unlike the same hours before: of the same weekday, and of the same kind of days, workdays or
 * weekend. It must be odd for both, so neither a Friday habit nor one odd week is an alert; with `days: any` also for
 * the other kind, so that a holiday that is like a Sunday is none.
 *
 * Hours are those of the site. One is judged with the first reading after it, when at least half of its usual quarters
 * were heard; any other is unknown, which neither begins nor ends anything. Of odd hours only those of the first day are
 * learned, so a new habit becomes normal after some weeks, and a fault that lasts never does. The hour that a zone has
 * twice is not judged.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
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
import { bit, bitsIn, type DayFigure, increase, meanOf, ofSamples, type Parts } from './day-figure.ts'
import { dayMs, hourMs, isWeekend, localTime } from './local-span.ts'

const hours = [1, 2, 3, 4, 6, 8, 12, 24]

const schema = z
  .strictObject({
    field: z.string().min(1),
    /** Length of what is compared: whole hours that divide a day. */
    per: duration
      .default(hourMs)
      .refine((value) => hours.includes(value / hourMs), `must be ${hours.join(', ')} hours`),
    /** The field only grows: by how much it grew is compared, otherwise its mean. */
    counter: z.boolean().default(false),
    /** Readings that count, e.g. only while a lift is moving; not for counters. */
    when: expressionText.optional(),
    ...tests,
    /** Judged instead of, or besides, the other tests: at most this where `atLeast` is normal. */
    below: z.number().optional(),
    weeks: z.int().min(1).max(5).default(4),
    /** Nothing is judged before so much is known. */
    least: duration.default(14 * dayMs),
    days: z.enum(['own', 'any']).default('own'),
    /** So many running are an alert, and so many normal ones running end it. */
    running: z.int().min(1).max(24).default(1),
    clearRunning: z.int().min(1).max(24).default(1),
    hold: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
  })
  .refine((spec) => hasTest(spec) || spec.below !== undefined, needsTest.replace('one of', 'one of below,'))

type Spec = z.output<typeof schema>

interface Options extends Tests {
  readonly figure: DayFigure
  /** Names what is learned; another meaning of the numbers begins anew. */
  readonly of: string
  readonly per: number
  readonly below: number | undefined
  readonly weeks: number
  readonly least: number
  readonly days: 'own' | 'any'
  readonly running: number
  readonly clearRunning: number
}

/** The figures of one day, a place for each period; null = unknown. */
interface Row {
  readonly day: number
  readonly figures: readonly (number | null)[]
}

interface State {
  readonly of: string
  /** End of the quarter of the period for which nothing more is sampled, event time. */
  readonly until: number
  /** The period that is going on: its day and place in it, when it began, its quarters heard (bits), its parts. */
  readonly day: number
  readonly period: number
  readonly from: number
  readonly heard: number
  readonly parts: Parts
  /** Quarters heard in a usual period; absent during the first, which is seldom whole. */
  readonly usual?: number
  /** Days known, oldest first, today's included. */
  readonly rows: readonly Row[]
  readonly odd: number
  readonly oddFrom: number
  readonly calm: number
  readonly phase?: Phase
}

const quarters = 4
/** Beside the quarters heard: some of the period was muted. */
const mutedBit = bit(quarters)
/** Days from which what is normal for a kind of days may be told; a fortnight has four weekend days. */
const leastDays = 4
/** The same weekday counts when it is known so often. */
const leastWeeks = 2
/** A spread of few figures is often too small by chance, and there are 168 hours a week to be wrong in. */
const caution = 4

export const deviation = defineCondition({
  name: 'deviation',
  about: 'device',
  schema,
  build(spec, context): Condition<State> {
    if (spec.below !== undefined && spec.atLeast === undefined)
      context.addProblem('below needs atLeast: where less is normal, it is nothing to wonder about', 'below')
    return createDeviation({
      ...spec,
      figure: figureOf(spec, context),
      of: [spec.counter ? 'increase' : 'mean', spec.field, spec.per, spec.when].join(' '),
      below: spec.below,
      least: Math.ceil(spec.least / dayMs),
      counted: spec.counter,
      caution,
    })
  },
})

function figureOf({ field, counter, when: text, hold }: Spec, context: BuildContext): DayFigure {
  const slots = context.numberField(field, 'field')
  if (counter) {
    if (text !== undefined) context.addProblem('a counter counts always: no when for a counter', 'when')
    return increase([slots], 0)
  }
  const when: Evaluate<boolean> | undefined =
    text === undefined ? undefined : context.expression(text, 'when')
  return ofSamples({ slots, when, hold: hold ?? context.offlineAfter }, meanOf)
}

function createDeviation(options: Options): Condition<State> {
  const { figure, per } = options
  return {
    clock: 'device',
    acceptsLate: false,
    needsRepeatedReadings: false,
    clearedByPerson: false,
    applies: () => true,
    step(state, moment) {
      const { ts } = moment
      if (state && moment.muted) return muted(figure, state, moment)
      if (state && ts < state.until && ts >= state.until - per / quarters) {
        return withParts(state, figure.within(state.parts, moment))
      }
      return figure.sees(moment) ? turn(options, state, moment) : state
    },
    due: () => undefined,
    fire: (state) => state,
    phase: (state) => state?.phase,
    onClockRegression: (state) => state,
    isUnknown: (state) => !isLearned(options, state),
  }
}

/** A period with a muted reading is unknown: some of it is missing. */
function muted(figure: DayFigure, state: State, moment: Sample): State {
  const known = withParts(state, figure.pause(state.parts, moment))
  return known.heard & mutedBit ? known : { ...known, heard: known.heard | mutedBit }
}

const none: readonly Row[] = []

const withParts = (state: State, parts: Parts): State => (parts === state.parts ? state : { ...state, parts })

/** The first reading of another quarter, and perhaps of another period. */
function turn(options: Options, state: State | undefined, moment: Sample): State {
  const { figure, per } = options
  const { day, ofDay } = localTime(moment.scope, moment.ts)
  const period = Math.floor(ofDay / per)
  const quarter = Math.floor((ofDay - period * per) / (per / quarters))
  const from = moment.ts - (ofDay - period * per)
  const until = from + ((quarter + 1) * per) / quarters
  const known = state?.of === options.of ? state : undefined
  if (known && known.from === from) {
    const heard = known.heard | bit(quarter)
    return { ...known, until, heard, parts: figure.next(known.parts, moment) }
  }
  const consecutive = known !== undefined && from === known.from + per
  const heard = bit(quarter)
  const parts = figure.begin(moment, consecutive)
  const begun = { until, day, period, from, heard, parts }
  if (known) return { ...(from < known.from ? rewound(known, day) : close(options, known, moment)), ...begun }
  const fresh = { rows: none, odd: 0, oddFrom: 0, calm: 0, phase: state?.phase }
  return { of: options.of, until, day, period, from, heard, parts, usual: undefined, ...fresh }
}

/** The device's clock was set back: the period that was going on is given up, what was learned is not. */
function rewound(state: State, day: number): State {
  return { ...state, rows: state.rows.filter((row) => row.day <= day) }
}

function close(options: Options, state: State, moment: Sample): State {
  const heard = state.heard & mutedBit ? 0 : bitsIn(state.heard)
  const { usual } = state
  // Forgotten slowly, so that a device that reports more seldom for good is judged again after some days.
  const next = heard === 0 ? state : { ...state, usual: Math.max(heard, (usual ?? 0) * (15 / 16)) }
  const figure = options.figure.end(state.parts, moment)
  const isWhole = usual !== undefined && heard > 0 && heard * 2 >= usual
  if (figure === undefined || !isWhole) return next
  // That there was nothing can only be said of a period that was heard whole.
  if (options.below !== undefined && heard < quarters) return learn(options, next, null)
  // Told twice: the hour that a zone has twice when its summer ends. What it was is unknown.
  if (rowOf(state.rows, state.day)?.figures[state.period] != null) return learn(options, next, null)
  const verdict = judge(options, state, figure)
  if (verdict?.deviates) return odd(options, next, { moment, verdict })
  if (!verdict || (state.phase && !verdict.isNormal)) return learn(options, next, short(figure))
  return calm(options, next, short(figure))
}

const rowOf = (rows: readonly Row[], day: number): Row | undefined => rows.find((row) => row.day === day)

/** Puts the figure of the period that is over in its place, unless an alert has lasted for more than a day. */
function learn(options: Options, state: State, figure: number | null): State {
  const { day, period } = state
  if (state.phase && state.from - state.oddFrom >= dayMs) return state
  const places = dayMs / options.per
  const row = rowOf(state.rows, day)?.figures ?? Array.from({ length: places }, () => null)
  const today = { day, figures: row.with(period, figure) }
  const others = state.rows.filter((one) => one.day !== day).slice(-7 * options.weeks)
  return { ...state, rows: [...others, today] }
}

const isLearned = ({ least }: Options, state: State | undefined): boolean =>
  state?.rows[0] !== undefined && state.day - state.rows[0].day >= least

/** `undefined` = cannot be told yet, or too little is usual. */
function judge(options: Options, state: State, figure: number): Verdict | undefined {
  const { rows, day, period } = state
  if (!isLearned(options, state)) return undefined
  const ofDays = (isAlike: (other: number) => boolean): number[] =>
    rows.flatMap((row) => {
      const known = row.day !== day && isAlike(row.day) ? row.figures[period] : null
      return known == null ? [] : [known]
    })
  const alike = ofDays((other) => isWeekend(other) === isWeekend(day))
  const kind = alike.length < leastDays ? undefined : judgeAgainst(options, figure, alike)
  if (!kind?.deviates) return kind
  const week = ofDays((other) => (day - other) % 7 === 0)
  const others = options.days === 'any' ? ofDays((other) => isWeekend(other) !== isWeekend(day)) : []
  // What excuses is taken as it is, however little is known.
  const bold = { ...options, caution: 0 }
  const excuses = [week.length >= leastWeeks ? week : [], others.length >= leastDays ? others : []]
    .map((past) => judgeAgainst(bold, figure, past))
    .filter((verdict) => verdict?.deviates === false)
  if (excuses.length === 0) return kind
  return { ...kind, deviates: false, isNormal: excuses.some((verdict) => verdict?.isNormal) }
}

function judgeAgainst(options: Options, figure: number, past: readonly number[]): Verdict | undefined {
  const verdict = judgeFigure(figure, past, options)
  const { below, atLeast = 0 } = options
  if (!verdict || below === undefined) return verdict
  // Where one in four has less, none at all happens by chance every week.
  const isSeldomLess = past.filter((one) => one < atLeast).length * 4 <= past.length
  const isNone = figure <= below && isSeldomLess
  const isTested = hasTest(options)
  return {
    ...verdict,
    deviates: isNone || (isTested && verdict.deviates),
    isNormal: !isNone && (!isTested || verdict.isNormal),
  }
}

function calm(options: Options, state: State, figure: number): State {
  const running = state.calm + 1
  if (state.phase && running < options.clearRunning)
    return { ...learn(options, state, figure), calm: running }
  return { ...learn(options, { ...state, phase: undefined }, figure), odd: 0, calm: 0 }
}

interface Odd {
  readonly moment: Sample
  readonly verdict: Verdict
}

function odd(options: Options, state: State, { moment, verdict }: Odd): State {
  const figure = short(verdict.now)
  if (state.phase) return { ...learn(options, state, figure), calm: 0 }
  const running = state.odd + 1
  const oddFrom = state.odd === 0 ? state.from : state.oddFrom
  const learned = { ...learn(options, state, figure), odd: running, oddFrom }
  if (running < options.running || moment.muted) return learned
  const { now, normal, z: score } = verdict
  const detail = {
    normal: readable(normal),
    now: readable(now),
    z: readable(score),
    hours: (running * options.per) / hourMs,
  }
  return { ...learned, odd: 0, calm: 0, phase: { startedAt: oddFrom, raisedAt: moment.ts, detail } }
}
