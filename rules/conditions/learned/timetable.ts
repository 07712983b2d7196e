/**
 * Something switched at another time than in its last days: more than `tolerance` away both from the usual time of day and
 * from the usual height of the sun, which moves with the season. Or not switched on at all, `tolerance` after the time of
 * the day before; or not switched off at all, `window` after it.
 *
 * In a group it is on when `share` of the members are. What happens farther than `window` from the usual time is another
 * matter (a test, a lamp that goes on and off), unless it is so every day. Over a gap, and when a member is heard for the
 * first time, nobody knows when it was switched. A new timetable is usual after some days; an episode ends with the first
 * switching in time.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import {
  type Condition,
  type Due,
  defineCondition,
  type Phase,
  type Sample,
  type Subject,
} from '../condition.ts'
import { followsSun, minuteMs, minutesLate, type Place, type SwitchTime, switchTime } from './switch-times.ts'

const schema = z.strictObject({
  when: expressionText,
  tolerance: duration.refine((value) => value >= 60_000, 'must be at least 1m'),
  window: duration.default(10_800_000),
  /** How many switchings are remembered, and from how many on one is judged. */
  days: z.int().min(3).max(14).default(7),
  least: z.int().min(2).max(14).default(3),
  share: z.number().gt(0).max(1).default(0.5),
  hold: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
  /** While this holds at one that is on, nobody expects it to be switched off: somebody has ordered it. */
  ordered: expressionText.optional(),
})

interface Options extends Omit<z.output<typeof schema>, 'when' | 'ordered'> {
  readonly when: Evaluate<boolean>
  readonly ordered: Evaluate<boolean> | undefined
  readonly hold: number
}

/** Switchings of one direction: the last times, and when the newest was (event time, hub clock, ms). */
interface Habit {
  readonly times: readonly SwitchTime[]
  readonly at: number
  readonly hub: number
  /** Switchings farther away than the window, a day apart and like each other, since the newest that was not. */
  readonly strays?: { readonly times: readonly SwitchTime[]; readonly at: number }
}

interface State {
  /** Members that are on; of those that went off line nothing is known until they speak. */
  readonly lit: readonly string[]
  readonly away: readonly string[]
  readonly on: boolean
  /** The newest reading of anybody, up to `hold` / `parts` old. */
  readonly last: number
  readonly switchedOn?: Habit
  readonly switchedOff?: Habit
  readonly phase?: Phase
}

const parts = 4
const dayMs = 86_400_000
/** After the hub was away: what was switched meanwhile is told then. */
const graceMs = 300_000
/** Two switchings in the same direction belong to two nights. */
const apartMs = dayMs / 2
/** A day moves dusk by less. */
const seasonMs = 300_000
const longestGapDays = 3

export const timetable = defineCondition({
  name: 'timetable',
  about: 'both',
  schema,
  build(spec, context): Condition<State> {
    const hold = spec.hold ?? context.offlineAfter
    const ordered = spec.ordered === undefined ? undefined : context.expression(spec.ordered, 'ordered')
    return createTimetable({ ...spec, hold, ordered, when: context.expression(spec.when, 'when') })
  },
})

function createTimetable(options: Options): Condition<State> {
  return {
    clock: 'device',
    acceptsLate: false,
    needsRepeatedReadings: false,
    clearedByPerson: false,
    applies: () => true,
    step(state, moment) {
      const { scope, ts, subject, member, offline } = moment
      const id = subject.members[member]?.device.id ?? ''
      if (offline) return state ? goAway(state, id) : undefined
      scope.minTime = ts - options.hold
      const on = options.when(scope)
      if (on === undefined) return state
      // A member whose clock is behind the others' is taken as it comes; one alone was set back.
      const isBack = state !== undefined && ts < state.last && subject.members.length === 1
      const known = isBack ? forgetWhen(state) : state
      return hear(options, known, { id, on, moment, at: Math.max(ts, known?.last ?? ts) })
    },
    due: (state) => (state ? nextDue(options, state) : undefined),
    fire: (state, due, subject) => state && missing(options, state, { due, subject }),
    phase: (state) => state?.phase,
    onClockRegression: forgetWhen,
  }
}

/** What was learned stays; when it was switched last is unknown in the new time. */
function forgetWhen(state: State): State {
  const { switchedOn, switchedOff } = state
  return { ...state, last: 0, switchedOn: longAgo(switchedOn), switchedOff: longAgo(switchedOff) }
}

const longAgo = (habit: Habit | undefined): Habit | undefined => habit && { ...habit, at: 0, hub: 0 }

function goAway(state: State, id: string): State {
  if (state.away.includes(id)) return state
  return { ...state, lit: state.lit.filter((one) => one !== id), away: [...state.away, id] }
}

interface Heard {
  /** Event time, ms; never before that of the others. */
  readonly at: number
  readonly id: string
  readonly on: boolean
  readonly moment: Sample
}

function hear(options: Options, state: State | undefined, { id, on, moment, at }: Heard): State {
  const { subject } = moment
  if (!state) {
    // Of the others nothing is known yet: their first word switches nothing.
    const away = subject.members.flatMap(({ device }) => (device.id === id ? [] : device.id))
    const lit = on ? [id] : []
    return { lit, away, on: isOn(options, lit, subject), last: at }
  }
  const isBack = state.away.includes(id)
  const isGap = isBack || at - state.last > options.hold
  if (state.lit.includes(id) === on && !isBack)
    return at - state.last < options.hold / parts ? state : { ...state, last: at }
  const others = state.lit.filter((one) => one !== id)
  const lit = on ? [...others, id] : others
  const away = isBack ? state.away.filter((one) => one !== id) : state.away
  const now = isOn(options, lit, subject)
  const next = { ...state, lit, away, last: at, on: now }
  return now === state.on || isGap ? next : turn(options, next, moment)
}

/** Of those members that still are. */
function isOn({ share }: Options, lit: readonly string[], { members }: Subject): boolean {
  if (lit.length === 0) return false
  const count = members.reduce((sum, { device }) => (lit.includes(device.id) ? sum + 1 : sum), 0)
  return count >= share * members.length
}

/** It has just been switched. */
function turn(options: Options, state: State, moment: Sample): State {
  const { receivedAt, scope } = moment
  // Not by the clock of the member that makes up the share: that may be behind.
  const ts = state.last
  const key = state.on ? 'switchedOn' : 'switchedOff'
  const habit = state[key]
  const place: Place = { location: scope.location, ts }
  const time = switchTime(place)
  const late = minutesLate(habit?.times ?? [], time)
  if (habit && ts - habit.at < apartMs) return state
  if (habit && Math.abs(late ?? 0) > options.window / minuteMs)
    return { ...state, [key]: stray(options, habit, { time, ts, hub: receivedAt }) }
  const times = [...(habit?.times ?? []), time].slice(-options.days)
  const next = { ...state, [key]: { times, at: ts, hub: receivedAt } }
  if (!habit || habit.times.length < options.least || late === undefined) return next
  const isUsual =
    Math.abs(late) <= options.tolerance / minuteMs || followsSun(habit.times, place, options.tolerance)
  return isUsual ? inTime(next) : outOfTime(next, { late, moment })
}

interface Switching {
  readonly time: SwitchTime
  readonly ts: number
  readonly hub: number
}

/** Far away from the usual time: as many such days running as make a habit are the new one. */
function stray({ window, least }: Options, habit: Habit, { time, ts, hub }: Switching): Habit {
  const { strays } = habit
  if (strays && ts - strays.at < apartMs) return habit
  const isAlike = Math.abs(minutesLate(strays?.times ?? [], time) ?? 0) <= window / minuteMs
  const times = [...(strays && isAlike ? strays.times : []), time]
  return times.length < least ? { ...habit, strays: { times, at: ts } } : { times, at: ts, hub }
}

const variants = { on: ['onEarly', 'onLate', 'notOn'], off: ['offEarly', 'offLate', 'notOff'] } as const

const isAbout = ({ phase, on }: State): boolean =>
  phase !== undefined && variants[on ? 'on' : 'off'].some((variant) => variant === phase.variant)

function inTime(state: State): State {
  return isAbout(state) ? { ...state, phase: undefined } : state
}

function outOfTime(state: State, { late, moment }: { late: number; moment: Sample }): State {
  const { muted, subject, member } = moment
  const ts = state.last
  if (state.phase || muted) return state
  const variant = `${state.on ? 'on' : 'off'}${late > 0 ? 'Late' : 'Early'}`
  const detail = { minutes: Math.abs(late), of: subject.members.length }
  const device = subject.members[member]?.device.id
  return { ...state, phase: { startedAt: ts, raisedAt: ts, variant, detail, device } }
}

/** It is off when it ought to be on, or on long after it ought to be off, and its members say so. */
function nextDue(options: Options, { on, switchedOn, switchedOff, last, phase }: State): Due | undefined {
  const habit = on ? switchedOff : switchedOn
  if (phase || !habit || habit.times.length < options.least) return undefined
  const newest = habit.times.at(-1) as SwitchTime
  // The season makes dusk later than the middle of the last days, one early night does not make it earlier.
  const early = Math.min(0, minutesLate(habit.times, newest) ?? 0) * minuteMs
  // A dusk that nobody heard does not make the next one unknown.
  for (let days = 1; days <= longestGapDays; days += 1) {
    const wait = days * (dayMs + seasonMs) - early + allowance(options, on)
    const at = habit.at + wait
    // A reading that comes while the grace is waited for takes nothing away.
    if (at >= last - 2 * graceMs)
      return at >= last + options.hold ? undefined : { at, hub: habit.hub + wait, grace: graceMs }
  }
  return undefined
}

/** What is switched off within the window is judged when it is. */
const allowance = ({ tolerance, window }: Options, on: boolean): number => (on ? window : tolerance)

function missing(options: Options, state: State, { due, subject }: { due: Due; subject: Subject }): State {
  const { on, lit, switchedOff } = state
  if (on && switchedOff && isOrdered(options, lit, { due, subject })) {
    const { at, hub } = switchedOff
    return { ...state, switchedOff: { ...switchedOff, at: at + dayMs, hub: hub + dayMs } }
  }
  const late = allowance(options, on)
  const startedAt = due.at - late - seasonMs
  const detail = { minutes: Math.round(late / minuteMs), of: subject.members.length }
  const device = subject.members[0]?.device.id
  const variant = on ? 'notOff' : 'notOn'
  return { ...state, phase: { startedAt, raisedAt: due.at, variant, detail, device } }
}

function isOrdered(
  { ordered }: Options,
  lit: readonly string[],
  { due, subject }: { due: Due; subject: Subject },
): boolean {
  return subject.members.some(
    ({ device }, member) => lit.includes(device.id) && ordered?.(subject.scope(member, due.at)) === true,
  )
}
