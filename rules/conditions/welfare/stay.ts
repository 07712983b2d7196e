/**
 * Somebody stays in one room for too long: signs from there with no longer pause than `pause` and none from anywhere
 * else. Evidence of being there commutes only within the ring, so what is too late for its place does not count.
 */
import { z } from 'zod'
import type { Evaluate, Scope } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import {
  type Condition,
  type Due,
  defineCondition,
  type Phase,
  type Sample,
  type Subject,
} from '../condition.ts'
import { localText } from './local-clock.ts'

const schema = z.strictObject({
  /** Which members watch the room; only facts of meta, not readings. */
  room: expressionText,
  /** This message of one shows somebody in there. */
  here: expressionText,
  /** As `here`, and it holds until the next message of that member. */
  holds: expressionText,
  /** This message of another member shows somebody elsewhere. */
  elsewhere: expressionText,
  for: duration,
  /** Other limits; the first that is true when the stay begins counts, if it still is when that time is over. */
  limits: z
    .array(z.strictObject({ when: expressionText, for: duration }))
    .max(8)
    .default([]),
  /** A longer pause between signs means that the room was left. */
  pause: duration,
})

/** What may have been said while the hub was deaf comes first. */
const hubGrace = 300_000

/** As far back as readings are put in their place, ms. */
const tooLate = 300_000

interface Options extends Readonly<Record<'room' | 'here' | 'holds' | 'elsewhere', Evaluate<boolean>>> {
  readonly for: number
  readonly limits: readonly { readonly when: Evaluate<boolean>; readonly for: number }[]
  readonly pause: number
  /** Not told later for anything. */
  readonly urgent: boolean
}

interface State {
  /** First and newest sign in one go. */
  readonly since: number
  readonly last: number
  /** The newest sign by the clock of its sensor. */
  readonly own: number
  /** The newest sign still holds. */
  readonly on: boolean
  readonly limit: number
  /** Hub clock minus event time at the first sign, ms. */
  readonly offset: number
  readonly device: string
  readonly phase?: Phase
}

export const stay = defineCondition({
  name: 'stay',
  about: 'group',
  schema,
  build(spec, context): Condition<State> {
    return createStay({
      room: context.expression(spec.room, 'room'),
      here: context.expression(spec.here, 'here'),
      holds: context.expression(spec.holds, 'holds'),
      elsewhere: context.expression(spec.elsewhere, 'elsewhere'),
      for: spec.for,
      pause: spec.pause,
      urgent: context.severity === 'critical',
      limits: spec.limits.map((limit, index) => ({
        for: limit.for,
        when: context.expression(limit.when, 'limits', index, 'when'),
      })),
    })
  },
})

function createStay(options: Options): Condition<State> {
  return {
    clock: 'device',
    acceptsLate: false,
    needsRepeatedReadings: true,
    clearedByPerson: false,
    applies: (subject) => subject.members.some((_, member) => options.room(subject.scope(member)) === true),
    step(state, moment) {
      if (moment.offline) return state
      const { scope } = moment
      // Only what this very message tells.
      scope.minTime = moment.ts
      if (options.room(scope) === true) return stepInside(options, state, moment)
      return state && options.elsewhere(scope) === true ? undefined : state
    },
    due(state, _subject, fromReadings) {
      if (!state) return undefined
      const at = state.phase ? leftAt(options, state) : state.since + state.limit
      if (at === undefined || (!state.phase && !isStill(options, state, at))) return undefined
      const due = { at, hub: at + state.offset }
      return fromReadings || (options.urgent && !state.phase)
        ? due
        : { ...due, grace: hubGrace, lasting: true }
    },
    fire(state, due, subject) {
      if (!state || state.phase) return undefined
      const limit = limitAt(options, subject.scope(0, due.at))
      return limit > state.limit ? { ...state, limit } : raise(state, due, subject)
    },
    phase: (state) => state?.phase,
  }
}

/**
 * When a sign was given. One that is too late for its place comes from a slow clock, or was kept for the hub: among signs
 * of other sensors it counts from when it was heard, or a clock that is behind would make every stay long.
 */
const timeOf = ({ ts, receivedAt }: Sample): number => (receivedAt - ts > tooLate ? receivedAt : ts)

function stepInside(options: Options, state: State | undefined, moment: Sample): State | undefined {
  const { scope } = moment
  // What was kept for the hub counts from when it was heard, and what its sensor said after that comes no sooner.
  const ts = state && moment.ts >= state.own ? Math.max(timeOf(moment), state.last) : timeOf(moment)
  const on = options.holds(scope) === true
  if (state && ts >= state.last && isStill(options, state, ts)) {
    const is = on || options.here(scope) === true || state.on
    return is && (ts > state.last || on !== state.on) ? { ...state, last: ts, own: moment.ts, on } : state
  }
  if (state && ts < state.last) return state
  if ((!on && options.here(scope) !== true) || moment.muted) return undefined
  return begin(options, moment, on)
}

function begin(options: Options, moment: Sample, on: boolean): State {
  const { receivedAt, scope, subject, member } = moment
  const ts = timeOf(moment)
  const limit = limitAt(options, scope)
  const device = subject.members[member]?.device.id ?? subject.id
  return { since: ts, last: ts, own: moment.ts, on, limit, offset: receivedAt - ts, device }
}

const limitAt = (options: Options, scope: Scope): number =>
  options.limits.find(({ when }) => when(scope) === true)?.for ?? options.for

/** When the pause after the newest sign is over; undefined while that holds. */
const leftAt = ({ pause }: Options, { last, on }: State): number | undefined =>
  on ? undefined : last + pause

const isStill = (options: Options, state: State, at: number): boolean =>
  at < (leftAt(options, state) ?? Number.POSITIVE_INFINITY)

function raise(state: State, { at }: Due, subject: Subject): State {
  const minutes = Math.round((at - state.since) / 60_000)
  const detail = { minutes, since: localText(subject, state.since) }
  return { ...state, phase: { startedAt: state.since, raisedAt: at, device: state.device, detail } }
}
