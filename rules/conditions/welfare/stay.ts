/**
 * Somebody stays in one room for too long: evidence from there without a gap longer than `pause`, and none from elsewhere.
 * Evidence commutes only within the reorder window, so a reading that is later than that does not count.
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
import { localText } from '../local-time.ts'
import { buildLimits, hasSelected, type Limits, limitIn, limitsSchema } from './shared-options.ts'

const schema = z.strictObject({
  /** Selects the members that watch the room; only facts of meta, not readings. */
  room: expressionText,
  /** True for a message of one of them that shows somebody in the room. */
  here: expressionText,
  /** As `here`, and valid until that member's next message. */
  occupied: expressionText,
  /** True for a message of another member that shows somebody elsewhere. */
  elsewhere: expressionText,
  for: duration,
  /** Other limits: the first that is true when the stay begins counts, if it is also true when that time is over. */
  limits: limitsSchema,
  /** A longer gap in the evidence means that the room was left. */
  pause: duration,
})

/** After a hub outage, buffered messages arrive within this time, ms. */
const graceAfterOutage = 300_000

/** Length of the reorder window, ms. */
const reorderWindow = 300_000

interface Options
  extends Limits,
    Readonly<Record<'room' | 'here' | 'occupied' | 'elsewhere', Evaluate<boolean>>> {
  readonly pause: number
  /** Raised without any grace period. */
  readonly urgent: boolean
}

interface State {
  /** First and newest evidence of the stay. */
  readonly since: number
  readonly lastEvidence: number
  /** Newest evidence by its sensor's own clock. */
  readonly sensorTime: number
  /** The newest evidence is still valid. */
  readonly occupied: boolean
  readonly limit: number
  /** Hub clock minus event time of the first evidence, ms. */
  readonly hubOffset: number
  readonly device: string
  readonly phase?: Phase
}

export const stay = defineCondition({
  name: 'stay',
  about: 'group',
  schema,
  formerStateKeys: { last: 'lastEvidence', own: 'sensorTime', on: 'occupied', offset: 'hubOffset' },
  build(spec, context): ConditionBehavior<State> {
    return createStay({
      room: context.expression(spec.room, 'room'),
      here: context.expression(spec.here, 'here'),
      occupied: context.expression(spec.occupied, 'occupied'),
      elsewhere: context.expression(spec.elsewhere, 'elsewhere'),
      for: spec.for,
      pause: spec.pause,
      urgent: context.severity === 'critical',
      limits: buildLimits(spec.limits, context),
    })
  },
})

function createStay(options: Options): ConditionBehavior<State> {
  return {
    needsRepeatedReadings: true,
    applies: (subject) => hasSelected(options.room, subject),
    step(state, sample) {
      if (sample.offline) return state
      const { scope } = sample
      // Only values of this very message count.
      scope.minTime = sample.ts
      if (options.room(scope) === true) return stepInRoom(options, state, sample)
      return state && options.elsewhere(scope) === true ? undefined : state
    },
    due(state, _subject, fromReadings) {
      if (!state) return undefined
      const at = state.phase ? leftAt(options, state) : state.since + state.limit
      if (at === undefined || (!state.phase && !isInRoom(options, state, at))) return undefined
      const due = { at, hub: at + state.hubOffset }
      return fromReadings || (options.urgent && !state.phase)
        ? due
        : { ...due, grace: graceAfterOutage, lasting: true }
    },
    fire(state, due, subject) {
      if (!state || state.phase) return undefined
      const limit = limitIn(options, subject.scope(0, due.at))
      return limit > state.limit ? { ...state, limit } : raise(state, due, subject)
    },
    phase: (state) => state?.phase,
  }
}

/**
 * Event time of evidence. Evidence later than the reorder window comes from a slow clock or was buffered; it counts from
 * its arrival, because next to other sensors a slow clock would make every stay look long.
 */
const evidenceTime = ({ ts, receivedAt }: Sample): number =>
  receivedAt - ts > reorderWindow ? receivedAt : ts

function stepInRoom(options: Options, state: State | undefined, sample: Sample): State | undefined {
  const { scope } = sample
  // After evidence that counts from its arrival, later messages of that sensor cannot be earlier.
  const isInSensorOrder = state !== undefined && sample.ts >= state.sensorTime
  const ts = isInSensorOrder ? Math.max(evidenceTime(sample), state.lastEvidence) : evidenceTime(sample)
  const occupied = options.occupied(scope) === true
  if (state && ts >= state.lastEvidence && isInRoom(options, state, ts)) {
    const isEvidence = occupied || options.here(scope) === true || state.occupied
    const isNews = ts > state.lastEvidence || occupied !== state.occupied
    return isEvidence && isNews ? { ...state, lastEvidence: ts, sensorTime: sample.ts, occupied } : state
  }
  if (state && ts < state.lastEvidence) return state
  if ((!occupied && options.here(scope) !== true) || sample.muted) return undefined
  return startStay(options, sample, occupied)
}

function startStay(options: Options, sample: Sample, occupied: boolean): State {
  const { receivedAt, scope, subject, member } = sample
  const ts = evidenceTime(sample)
  return {
    since: ts,
    lastEvidence: ts,
    sensorTime: sample.ts,
    occupied,
    limit: limitIn(options, scope),
    hubOffset: receivedAt - ts,
    device: subject.members[member]?.device.id ?? subject.id,
  }
}

/** When the gap after the newest evidence becomes too long; undefined while that evidence is valid. */
const leftAt = ({ pause }: Options, { lastEvidence, occupied }: State): number | undefined =>
  occupied ? undefined : lastEvidence + pause

const isInRoom = (options: Options, state: State, at: number): boolean =>
  at < (leftAt(options, state) ?? Number.POSITIVE_INFINITY)

function raise(state: State, { at }: Due, subject: Subject): State {
  const minutes = Math.round((at - state.since) / 60_000)
  const detail = { minutes, since: localText(subject, state.since) }
  return { ...state, phase: { startedAt: state.since, raisedAt: at, device: state.device, detail } }
}
