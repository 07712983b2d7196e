/** A motion or bed sensor: active while the resident is in its place, silent otherwise; a heartbeat every 50 min. */
import type { Subject } from '../subject.ts'
import { type Behaviour, batteryAt, MINUTE, SECOND, type StepContext, type StepResult } from './behaviour.ts'
import type { Place } from './daily-routine.ts'
import { nextChange, residentLocation, routineToday, type Today } from './resident-location.ts'

export interface MotionState {
  readonly startedAt: number
  readonly battery: number
  readonly today: Today
  /** The resident is in the watched place. */
  readonly isPresent: boolean
  readonly occupied: boolean
  readonly changeAt: number
  readonly heartbeatAt: number
}

const HEARTBEAT = 50 * MINUTE
/** A movement sensor reports "unoccupied" 90 s after the last movement. */
const CLEAR_AFTER = 90 * SECOND
/** Mean and longest time between two movements, e.g. of a resident who sits and reads. */
const SITTING = { mean: 12 * MINUTE, longest: 75 * MINUTE }
const BUSY = { mean: 1.5 * MINUTE, longest: 4 * MINUTE }
/** The same for a resident who hardly gets up. */
const LISTLESS = { mean: 100 * MINUTE, longest: 140 * MINUTE }

export const motion: Behaviour<MotionState> = {
  type: 'motion',
  begin(subject, context) {
    const { now, random } = context
    const today = routineToday(undefined, subject, context)
    const isPresent = isResidentHere(today, subject, context)
    const state: MotionState = {
      startedAt: now,
      battery: random.between(0.5, 1),
      today,
      isPresent,
      occupied: isPresent && isBed(subject),
      changeAt: isPresent ? now + random.between(1, 10) * MINUTE : nextChange(today, subject, context),
      heartbeatAt: now + random.between(0.1, 1) * HEARTBEAT,
    }
    return stepResult(state, true)
  },
  step(state, subject, context) {
    const changed = advance(state, subject, context)
    if (changed.occupied !== state.occupied) return stepResult(changed, true)
    if (context.now < changed.heartbeatAt) return stepResult(changed, false)
    return stepResult({ ...changed, heartbeatAt: context.now + HEARTBEAT }, true)
  },
  values(state, _, { now, local, random }) {
    const daylight = Math.max(0, Math.sin(((local.hour - 6) / 13) * Math.PI))
    return {
      occupancy: state.occupied,
      illuminance: Math.round(3 + 280 * daylight + random.between(0, 6)),
      tamper: false,
      batteryLevel: batteryAt(state.battery, state.startedAt, now),
      rssi: random.int(-85, -60),
    }
  },
}

function advance(state: MotionState, subject: Subject, context: StepContext): MotionState {
  const today = routineToday(state.today, subject, context)
  const isPresent = isResidentHere(today, subject, context)
  const known = today === state.today ? state : { ...state, today }
  if (isPresent !== state.isPresent)
    return isPresent ? arrive(known, subject, context) : leave(known, subject, context)
  return context.now < state.changeAt ? known : continuePresence(known, subject, context)
}

/** Arriving always causes movement, a little after the door reports. */
function arrive(state: MotionState, subject: Subject, { now, random }: StepContext): MotionState {
  if (isBed(subject)) return { ...state, isPresent: true, occupied: true, changeAt: now + MINUTE }
  return { ...state, isPresent: true, changeAt: now + random.between(5, 60) * SECOND }
}

function leave(state: MotionState, subject: Subject, context: StepContext): MotionState {
  const { now, random } = context
  if (isBed(subject) || !state.occupied)
    return {
      ...state,
      isPresent: false,
      occupied: false,
      changeAt: nextChange(state.today, subject, context),
    }
  return { ...state, isPresent: false, changeAt: now + random.between(0.3, 1) * CLEAR_AFTER }
}

function continuePresence(state: MotionState, subject: Subject, context: StepContext): MotionState {
  const { now, random, overrides } = context
  const edge = nextChange(state.today, subject, context)
  if (!state.isPresent || isBed(subject)) return { ...state, occupied: state.isPresent, changeAt: edge }
  if (!state.occupied) return { ...state, occupied: true, changeAt: now + CLEAR_AFTER }
  const usual = watchedPlace(subject) === 'room' ? SITTING : BUSY
  const { mean, longest } = overrides.has('listless') ? LISTLESS : usual
  return {
    ...state,
    occupied: false,
    changeAt: Math.min(now + Math.min(random.exponential(mean), longest), edge),
  }
}

const isBed = ({ meta }: Subject): boolean => meta.role === 'bed'

function isResidentHere(today: Today, subject: Subject, context: StepContext): boolean {
  return residentLocation(today, subject, context) === watchedPlace(subject)
}

/** The place that the sensor watches. */
export function watchedPlace({ meta }: Subject): Place {
  if (meta.role === 'bed') return 'bed'
  return meta.room === 'kitchen' || meta.room === 'bathroom' ? meta.room : 'room'
}

function stepResult(state: MotionState, reports: boolean): StepResult<MotionState> {
  return { state, reports, events: [], nextAt: Math.min(state.changeAt, state.heartbeatAt) }
}
