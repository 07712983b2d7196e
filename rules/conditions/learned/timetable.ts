/**
 * Something switched at another time than on the last days: more than `tolerance` away from the usual clock time and from
 * the usual sun elevation, which moves with the season. Also: not switched on `tolerance` after the time of the day before,
 * or not switched off `window` after it.
 *
 * A group is on when `share` of its members are. A switching farther than `window` from the usual time (a test, a lamp that
 * flickers) is ignored unless it repeats daily. After a gap in the readings, and with a member's first reading, the time of
 * switching is unknown. A new timetable becomes usual after some days; an episode ends with the first switching in time.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import {
  type ConditionBehavior,
  type Due,
  defineCondition,
  type Phase,
  type Sample,
  type Subject,
} from '../condition.ts'
import { dayMs } from '../local-time.ts'
import {
  followsSun,
  type LocatedTime,
  minuteMs,
  minutesLate,
  type SwitchTime,
  switchTime,
} from './switch-times.ts'

const schema = z.strictObject({
  when: expressionText,
  tolerance: duration.refine((value) => value >= 60_000, 'must be at least 1m'),
  window: duration.default(10_800_000),
  /** Switchings to remember, and how many are needed before the first evaluation. */
  days: z.int().min(3).max(14).default(7),
  least: z.int().min(2).max(14).default(3),
  share: z.number().gt(0).max(1).default(0.5),
  maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
  /** While true at a member that is on, switching off is not expected: it stays on by order. */
  ordered: expressionText.optional(),
})

interface Options extends Omit<z.output<typeof schema>, 'when' | 'ordered' | 'maxAge'> {
  readonly when: Evaluate<boolean>
  readonly ordered: Evaluate<boolean> | undefined
  readonly maxAge: number
}

/** Usual switchings in one direction: the last times, and when the newest happened (event time and hub clock, ms). */
interface Habit {
  readonly times: readonly SwitchTime[]
  readonly switchedAt: number
  readonly receivedAt: number
  /** Daily switchings outside the window that are similar to each other: perhaps a new timetable. */
  readonly candidate?: { readonly times: readonly SwitchTime[]; readonly switchedAt: number }
}

interface State {
  /** Ids of members that are on, and of members that went offline (state unknown until their next reading). */
  readonly membersOn: readonly string[]
  readonly membersOffline: readonly string[]
  readonly on: boolean
  /** Event time of the newest reading of any member; may lag by a quarter of `maxAge`. */
  readonly lastAt: number
  readonly switchedOn?: Habit
  readonly switchedOff?: Habit
  readonly phase?: Phase
}

const refreshesPerMaxAge = 4
/** After a hub outage, messages about what was switched meanwhile arrive within this time. */
const graceMs = 300_000
/** Two switchings in the same direction closer than this belong to the same night. */
const minDistanceMs = dayMs / 2
/** Dusk moves by less than this per day. */
const seasonMs = 300_000
const maxGapDays = 3

export const timetable = defineCondition({
  name: 'timetable',
  about: 'both',
  schema,
  formerStateKeys: {
    lit: 'membersOn',
    away: 'membersOffline',
    last: 'lastAt',
    at: 'switchedAt',
    hub: 'receivedAt',
    strays: 'candidate',
  },
  build(spec, context): ConditionBehavior<State> {
    const maxAge = spec.maxAge ?? context.offlineAfter
    const ordered = spec.ordered === undefined ? undefined : context.expression(spec.ordered, 'ordered')
    return createTimetable({ ...spec, maxAge, ordered, when: context.expression(spec.when, 'when') })
  },
})

function createTimetable(options: Options): ConditionBehavior<State> {
  return {
    step(state, sample) {
      const { scope, ts, subject, member, offline } = sample
      const id = subject.members[member]?.device.id ?? ''
      if (offline) return state ? markOffline(state, id) : undefined
      scope.minTime = ts - options.maxAge
      const on = options.when(scope)
      if (on === undefined) return state
      // In a group an earlier time is a member with a slow clock; with one member it is a clock regression.
      const isRegression = state !== undefined && ts < state.lastAt && subject.members.length === 1
      const known = isRegression ? forgetTimes(state) : state
      return applyReading(options, known, { id, on, sample, at: Math.max(ts, known?.lastAt ?? ts) })
    },
    due: (state) => (state ? nextDue(options, state) : undefined),
    fire: (state, due, subject) => state && onNotSwitched(options, state, { due, subject }),
    phase: (state) => state?.phase,
    onClockRegression: forgetTimes,
  }
}

/** Keeps the habits; when the last switching happened is unknown after a clock regression. */
function forgetTimes(state: State): State {
  const { switchedOn, switchedOff } = state
  return {
    ...state,
    lastAt: 0,
    switchedOn: withoutTime(switchedOn),
    switchedOff: withoutTime(switchedOff),
  }
}

const withoutTime = (habit: Habit | undefined): Habit | undefined =>
  habit && { ...habit, switchedAt: 0, receivedAt: 0 }

function markOffline(state: State, id: string): State {
  if (state.membersOffline.includes(id)) return state
  return {
    ...state,
    membersOn: state.membersOn.filter((one) => one !== id),
    membersOffline: [...state.membersOffline, id],
  }
}

interface MemberReading {
  /** Event time, ms; not before that of other members. */
  readonly at: number
  readonly id: string
  readonly on: boolean
  readonly sample: Sample
}

function applyReading(
  options: Options,
  state: State | undefined,
  { id, on, sample, at }: MemberReading,
): State {
  const { subject } = sample
  if (!state) {
    // The other members are unknown: their first reading is no switching.
    const membersOffline = subject.members.flatMap(({ device }) => (device.id === id ? [] : device.id))
    const membersOn = on ? [id] : []
    return { membersOn, membersOffline, on: isGroupOn(options, membersOn, subject), lastAt: at }
  }
  const wasOffline = state.membersOffline.includes(id)
  const isGap = wasOffline || at - state.lastAt > options.maxAge
  if (state.membersOn.includes(id) === on && !wasOffline)
    return at - state.lastAt < options.maxAge / refreshesPerMaxAge ? state : { ...state, lastAt: at }
  const others = state.membersOn.filter((one) => one !== id)
  const membersOn = on ? [...others, id] : others
  const membersOffline = wasOffline ? state.membersOffline.filter((one) => one !== id) : state.membersOffline
  const groupOn = isGroupOn(options, membersOn, subject)
  const next = { ...state, membersOn, membersOffline, lastAt: at, on: groupOn }
  return groupOn === state.on || isGap ? next : onSwitched(options, next, sample)
}

/** Counts only ids that are still members. */
function isGroupOn({ share }: Options, membersOn: readonly string[], { members }: Subject): boolean {
  if (membersOn.length === 0) return false
  const count = members.reduce((sum, { device }) => (membersOn.includes(device.id) ? sum + 1 : sum), 0)
  return count >= share * members.length
}

function onSwitched(options: Options, state: State, sample: Sample): State {
  const { receivedAt, scope } = sample
  // Not the time of the member that completes the share: its clock may be slow.
  const ts = state.lastAt
  const key = state.on ? 'switchedOn' : 'switchedOff'
  const habit = state[key]
  const located: LocatedTime = { location: scope.location, ts }
  const time = switchTime(located)
  const late = minutesLate(habit?.times ?? [], time)
  if (habit && ts - habit.switchedAt < minDistanceMs) return state
  if (habit && Math.abs(late ?? 0) > options.window / minuteMs)
    return { ...state, [key]: addCandidate(options, habit, { time, ts, receivedAt }) }
  const times = [...(habit?.times ?? []), time].slice(-options.days)
  const next = { ...state, [key]: { times, switchedAt: ts, receivedAt } }
  if (!habit || habit.times.length < options.least || late === undefined) return next
  const isUsual =
    Math.abs(late) <= options.tolerance / minuteMs || followsSun(habit.times, located, options.tolerance)
  return isUsual ? onUsualTime(next) : onUnusualTime(next, { late, sample })
}

interface Switching {
  readonly time: SwitchTime
  readonly ts: number
  readonly receivedAt: number
}

/** A switching outside the window: `least` similar ones on consecutive days replace the habit. */
function addCandidate({ window, least }: Options, habit: Habit, switching: Switching): Habit {
  const { time, ts, receivedAt } = switching
  const { candidate } = habit
  if (candidate && ts - candidate.switchedAt < minDistanceMs) return habit
  const isSimilar = Math.abs(minutesLate(candidate?.times ?? [], time) ?? 0) <= window / minuteMs
  const times = [...(candidate && isSimilar ? candidate.times : []), time]
  return times.length < least
    ? { ...habit, candidate: { times, switchedAt: ts } }
    : { times, switchedAt: ts, receivedAt }
}

const variants = { on: ['onEarly', 'onLate', 'notOn'], off: ['offEarly', 'offLate', 'notOff'] } as const

/** The episode is about switching in the direction that just happened. */
const concernsDirection = ({ phase, on }: State): boolean =>
  phase !== undefined && variants[on ? 'on' : 'off'].some((variant) => variant === phase.variant)

function onUsualTime(state: State): State {
  return concernsDirection(state) ? { ...state, phase: undefined } : state
}

function onUnusualTime(state: State, { late, sample }: { late: number; sample: Sample }): State {
  const { muted, subject, member } = sample
  const ts = state.lastAt
  if (state.phase || muted) return state
  const variant = `${state.on ? 'on' : 'off'}${late > 0 ? 'Late' : 'Early'}`
  const detail = { minutes: Math.abs(late), of: subject.members.length }
  const device = subject.members[member]?.device.id
  return { ...state, phase: { startedAt: ts, raisedAt: ts, variant, detail, device } }
}

/** When the next switching counts as missing, while readings still arrive. */
function nextDue(options: Options, { on, switchedOn, switchedOff, lastAt, phase }: State): Due | undefined {
  const habit = on ? switchedOff : switchedOn
  if (phase || !habit || habit.times.length < options.least) return undefined
  const newest = habit.times.at(-1) as SwitchTime
  // The season may move dusk later than the median of the last days; one early night does not move it earlier.
  const early = Math.min(0, minutesLate(habit.times, newest) ?? 0) * minuteMs
  // A switching missed in a gap of the readings does not make the next one unknown.
  for (let days = 1; days <= maxGapDays; days += 1) {
    const wait = days * (dayMs + seasonMs) - early + missingAfter(options, on)
    const at = habit.switchedAt + wait
    // Readings that arrive during the grace period do not cancel the timer.
    if (at >= lastAt - 2 * graceMs)
      return at >= lastAt + options.maxAge ? undefined : { at, hub: habit.receivedAt + wait, grace: graceMs }
  }
  return undefined
}

/** Switching off within the window is evaluated when it happens, so only later it counts as missing. */
const missingAfter = ({ tolerance, window }: Options, on: boolean): number => (on ? window : tolerance)

function onNotSwitched(
  options: Options,
  state: State,
  { due, subject }: { due: Due; subject: Subject },
): State {
  const { on, membersOn, switchedOff } = state
  if (on && switchedOff && isOrdered(options, membersOn, { due, subject })) {
    const { switchedAt, receivedAt } = switchedOff
    return {
      ...state,
      switchedOff: { ...switchedOff, switchedAt: switchedAt + dayMs, receivedAt: receivedAt + dayMs },
    }
  }
  const late = missingAfter(options, on)
  const startedAt = due.at - late - seasonMs
  const detail = { minutes: Math.round(late / minuteMs), of: subject.members.length }
  const device = subject.members[0]?.device.id
  const variant = on ? 'notOff' : 'notOn'
  return { ...state, phase: { startedAt, raisedAt: due.at, variant, detail, device } }
}

function isOrdered(
  { ordered }: Options,
  membersOn: readonly string[],
  { due, subject }: { due: Due; subject: Subject },
): boolean {
  return subject.members.some(
    ({ device }, member) =>
      membersOn.includes(device.id) && ordered?.(subject.scope(member, due.at)) === true,
  )
}
