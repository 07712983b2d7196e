/** A motion or bed sensor: busy while its resident is where it looks, silent otherwise; a sign of life every 50 min. */
import type { Subject } from '../subject.ts'
import { type Behaviour, batteryAt, MINUTE, type Moment, SECOND, type Stepped } from './behaviour.ts'
import type { Place } from './routine.ts'
import { nextChange, type Today, todayOf, whereabouts } from './whereabouts.ts'

export interface MotionState {
  readonly startedAt: number
  readonly battery: number
  readonly today: Today
  /** The resident is where it looks. */
  readonly here: boolean
  readonly occupied: boolean
  readonly changeAt: number
  readonly heartbeatAt: number
}

const HEARTBEAT = 50 * MINUTE
/** A movement sensor reports "nobody" 90 s after the last movement. */
const HOLD = 90 * SECOND
/** Mean and longest time between two moves: people sit and read, but not for ever. */
const SITTING = { mean: 12 * MINUTE, longest: 75 * MINUTE }
const BUSY = { mean: 1.5 * MINUTE, longest: 4 * MINUTE }
/** Of somebody who hardly gets up any more. */
const LISTLESS = { mean: 100 * MINUTE, longest: 140 * MINUTE }

export const motion: Behaviour<MotionState> = {
  type: 'motion',
  begin(subject, moment) {
    const { now, random } = moment
    const today = todayOf(undefined, subject, moment)
    const here = isHere(today, subject, moment)
    const state: MotionState = {
      startedAt: now,
      battery: random.between(0.5, 1),
      today,
      here,
      occupied: here && isBed(subject),
      changeAt: here ? now + random.between(1, 10) * MINUTE : nextChange(today, subject, moment),
      heartbeatAt: now + random.between(0.1, 1) * HEARTBEAT,
    }
    return said(state, true)
  },
  step(state, subject, moment) {
    const changed = live(state, subject, moment)
    if (changed.occupied !== state.occupied) return said(changed, true)
    if (moment.now < changed.heartbeatAt) return said(changed, false)
    return said({ ...changed, heartbeatAt: moment.now + HEARTBEAT }, true)
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

function live(state: MotionState, subject: Subject, moment: Moment): MotionState {
  const today = todayOf(state.today, subject, moment)
  const here = isHere(today, subject, moment)
  const known = today === state.today ? state : { ...state, today }
  if (here !== state.here) return here ? arrive(known, subject, moment) : leave(known, subject, moment)
  return moment.now < state.changeAt ? known : goOn(known, subject, moment)
}

/** Nobody lies down or comes through the door without moving, a little later than the door tells. */
function arrive(state: MotionState, subject: Subject, { now, random }: Moment): MotionState {
  if (isBed(subject)) return { ...state, here: true, occupied: true, changeAt: now + MINUTE }
  return { ...state, here: true, changeAt: now + random.between(5, 60) * SECOND }
}

function leave(state: MotionState, subject: Subject, moment: Moment): MotionState {
  const { now, random } = moment
  if (isBed(subject) || !state.occupied)
    return { ...state, here: false, occupied: false, changeAt: nextChange(state.today, subject, moment) }
  return { ...state, here: false, changeAt: now + random.between(0.3, 1) * HOLD }
}

function goOn(state: MotionState, subject: Subject, moment: Moment): MotionState {
  const { now, random, circumstances } = moment
  const edge = nextChange(state.today, subject, moment)
  if (!state.here || isBed(subject)) return { ...state, occupied: state.here, changeAt: edge }
  if (!state.occupied) return { ...state, occupied: true, changeAt: now + HOLD }
  const usual = placeOf(subject) === 'room' ? SITTING : BUSY
  const { mean, longest } = circumstances.has('listless') ? LISTLESS : usual
  return { ...state, occupied: false, changeAt: Math.min(now + Math.min(random.wait(mean), longest), edge) }
}

const isBed = ({ meta }: Subject): boolean => meta.role === 'bed'

function isHere(today: Today, subject: Subject, moment: Moment): boolean {
  return whereabouts(today, subject, moment) === placeOf(subject)
}

/** What it looks at. */
export function placeOf({ meta }: Subject): Place {
  if (meta.role === 'bed') return 'bed'
  return meta.room === 'kitchen' || meta.room === 'bathroom' ? meta.room : 'room'
}

function said(state: MotionState, speaks: boolean): Stepped<MotionState> {
  return { state, speaks, events: [], nextAt: Math.min(state.changeAt, state.heartbeatAt) }
}
