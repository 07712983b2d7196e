/** A lift: trips by the hour of the day, doors, load; a message at every change and every 30 s at rest. */
import { rounded } from '../random.ts'
import { metaNumber, type Subject } from '../subject.ts'
import { type Behaviour, HOUR, type Moment, SECOND, type Stepped } from './behaviour.ts'

type Phase = 'idle' | 'fetching' | 'boarding' | 'riding' | 'alighting'

export interface ElevatorState {
  readonly phase: Phase
  /** When the phase began and ends, ms. */
  readonly since: number
  readonly until: number
  readonly floor: number
  /** Where it goes while moving; otherwise `floor`. */
  readonly target: number
  /** Where the person in the car, or waiting, wants to go. */
  readonly wish: number
  readonly trips: number
  readonly doorCycles: number
  /** Kelvin above the machine room, from recent trips. */
  readonly motorHeat: number
}

const HEARTBEAT = 30 * SECOND
const DOOR_TIME = 6 * SECOND
const FLOOR_HEIGHT_M = 3

/** Trips an hour: quiet nights, a morning and an evening peak. */
function tripsPerHour(hour: number): number {
  if (hour < 6) return 0.7
  if (hour < 9) return 14
  if (hour < 17) return 7
  if (hour < 20) return 16
  return hour < 23 ? 6 : 2
}

export const elevator: Behaviour<ElevatorState> = {
  type: 'elevator',
  begin(_, moment) {
    const state: ElevatorState = {
      phase: 'idle',
      since: moment.now,
      until: moment.now + moment.random.wait(HOUR / tripsPerHour(moment.local.hour)),
      floor: 1,
      target: 1,
      wish: 1,
      trips: moment.random.int(20_000, 90_000),
      doorCycles: moment.random.int(45_000, 190_000),
      motorHeat: 5,
    }
    return spoken(state, moment)
  },
  step(state, subject, moment) {
    if (moment.now < state.until) return spoken(state, moment)
    return spoken(next[state.phase](state, subject, moment), moment)
  },
  values(state, subject, { now, local, random }) {
    const moving = state.phase === 'fetching' || state.phase === 'riding'
    const open = state.phase === 'boarding' || state.phase === 'alighting'
    const speed = moving ? Math.sign(state.target - state.floor) * metaNumber(subject, 'ratedSpeed', 1.6) : 0
    const machineRoom = 24 + 4 * Math.sin(((local.hour - 9) / 12) * Math.PI)
    return {
      carMode: 'normal',
      carDriveStatus: moving ? 'rated-speed' : 'stationary',
      carMovingDirection: speed > 0 ? 'up' : speed < 0 ? 'down' : 'stopped',
      carPosition: positionAt(state, now),
      carDoorZone: !moving,
      carDoorStatus: open ? 'opened' : 'closed',
      passengerPresence: state.phase === 'boarding' || state.phase === 'riding',
      passengerAlarm: false,
      carLoad: state.phase === 'riding' ? random.int(6, 40) : 0,
      carSpeed: rounded(speed, 2),
      levellingError: moving ? 0 : random.int(-4, 4),
      doorReopens: 0,
      doorCycles: state.doorCycles,
      tripCount: state.trips,
      motorTemperature: rounded(machineRoom + state.motorHeat + random.between(-0.3, 0.3), 1),
      machineRoomTemperature: rounded(machineRoom + random.between(-0.2, 0.2), 1),
      vibrationRms: rounded(moving ? random.between(0.8, 1.3) : random.between(0.1, 0.2), 2),
      faultSignals: [],
    }
  },
}

type Next = (state: ElevatorState, subject: Subject, moment: Moment) => ElevatorState

const next: Readonly<Record<Phase, Next>> = {
  idle: (state, subject, moment) => call(state, subject, moment),
  fetching: (state, _, { now }) => openDoor({ ...state, floor: state.target }, 'boarding', now),
  boarding: (state, subject, { now }) => move(state, { to: state.wish, phase: 'riding', subject, now }),
  riding: (state, _, { now }) =>
    openDoor({ ...state, floor: state.target, trips: state.trips + 1 }, 'alighting', now),
  alighting: (state, _, { now, local, random }) => ({
    ...state,
    phase: 'idle',
    since: now,
    until: now + DOOR_TIME + random.wait(HOUR / tripsPerHour(local.hour)),
    motorHeat: Math.min(25, state.motorHeat * 0.9 + 1.5),
  }),
}

/** Somebody presses a button: half of all trips begin or end at the ground floor. */
function call(state: ElevatorState, subject: Subject, { now, random }: Moment): ElevatorState {
  const top = Math.max(2, metaNumber(subject, 'floors', 12))
  const upstairs = random.int(2, top)
  const [from, wish] = random.chance(0.5) ? [1, upstairs] : [upstairs, 1]
  const called = { ...state, wish }
  if (from === state.floor) return openDoor(called, 'boarding', now)
  return move(called, { to: from, phase: 'fetching', subject, now })
}

function openDoor(state: ElevatorState, phase: 'boarding' | 'alighting', now: number): ElevatorState {
  return { ...state, phase, since: now, until: now + DOOR_TIME, doorCycles: state.doorCycles + 1 }
}

function move(
  state: ElevatorState,
  trip: { to: number; phase: 'fetching' | 'riding'; subject: Subject; now: number },
): ElevatorState {
  const speed = metaNumber(trip.subject, 'ratedSpeed', 1.6)
  const seconds = 3 + (Math.abs(trip.to - state.floor) * FLOOR_HEIGHT_M) / speed
  return { ...state, phase: trip.phase, target: trip.to, since: trip.now, until: trip.now + seconds * SECOND }
}

function positionAt(state: ElevatorState, now: number): number {
  if (state.phase !== 'fetching' && state.phase !== 'riding') return state.floor
  const share = Math.min(1, Math.max(0, (now - state.since) / (state.until - state.since)))
  return Math.round(state.floor + (state.target - state.floor) * share)
}

function spoken(state: ElevatorState, { now }: Moment): Stepped<ElevatorState> {
  return { state, speaks: true, events: [], nextAt: Math.min(state.until, now + HEARTBEAT) }
}
