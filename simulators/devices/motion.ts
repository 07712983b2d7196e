/** A motion or bed sensor: busy while its resident is up and at home, silent while away; a sign of life every 50 min. */
import type { Subject } from '../subject.ts'
import { type Behaviour, batteryAt, HOUR, MINUTE, type Moment, SECOND, type Stepped } from './behaviour.ts'
import { isAsleep, isAway, routineOf } from './routine.ts'

export interface MotionState {
  readonly startedAt: number
  readonly battery: number
  readonly occupied: boolean
  readonly changeAt: number
  readonly heartbeatAt: number
}

const HEARTBEAT = 50 * MINUTE
/** A movement sensor reports "nobody" 90 s after the last movement. */
const HOLD = 90 * SECOND
/** Mean time between two moves through the room. */
const AWAKE_GAP = 12 * MINUTE
const ASLEEP_GAP = 3 * HOUR

export const motion: Behaviour<MotionState> = {
  type: 'motion',
  begin(subject, moment) {
    const { now, random } = moment
    const state: MotionState = {
      startedAt: now,
      battery: random.between(0.5, 1),
      occupied: isInBed(subject, moment),
      changeAt: now + random.between(1, 10) * MINUTE,
      heartbeatAt: now + random.between(0.1, 1) * HEARTBEAT,
    }
    return said(state, true)
  },
  step(state, subject, moment) {
    const changed = moment.now < state.changeAt ? state : change(state, subject, moment)
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

function change(state: MotionState, subject: Subject, moment: Moment): MotionState {
  if (subject.meta.role === 'bed') return changeBed(state, subject, moment)
  const { now, local, random, circumstances } = moment
  const routine = routineOf(subject.home ?? subject.id, local.day)
  const gap = random.wait(isAsleep(routine, local.hour) ? ASLEEP_GAP : AWAKE_GAP)
  if (state.occupied) return { ...state, occupied: false, changeAt: now + gap }
  if (circumstances.has('still') || isAway(routine, local.hour))
    return { ...state, changeAt: now + Math.min(gap, 10 * MINUTE) }
  return { ...state, occupied: true, changeAt: now + HOLD }
}

/** In a still home nobody lies in the bed either. */
function changeBed(state: MotionState, subject: Subject, moment: Moment): MotionState {
  const occupied = !moment.circumstances.has('still') && isInBed(subject, moment)
  return { ...state, occupied, changeAt: moment.now + 5 * MINUTE }
}

function isInBed(subject: Subject, { local }: Moment): boolean {
  if (subject.meta.role !== 'bed') return false
  return isAsleep(routineOf(subject.home ?? subject.id, local.day), local.hour)
}

function said(state: MotionState, speaks: boolean): Stepped<MotionState> {
  return { state, speaks, events: [], nextAt: Math.min(state.changeAt, state.heartbeatAt) }
}
