/**
 * A lift: trips by the hour of the day, doors, load; a message at every change and every 30 s at rest. Its alarm line
 * makes a test call a day (EN 81-28 asks for one in 72 h).
 */
import { type Random, rounded } from '../random.ts'
import { metaNumber, type Subject } from '../subject.ts'
import {
  type Behaviour,
  type Circumstance,
  DAY,
  HOUR,
  MINUTE,
  type Moment,
  SECOND,
  type Stepped,
} from './behaviour.ts'
import { hasOutages, isOut, nextTurn } from './lift-outages.ts'
import { nextCall } from './lift-traffic.ts'

/** The door is open from `boarding` to `boarded`, and from `alighting` to `emptied`. */
type Phase = 'idle' | 'fetching' | 'boarding' | 'boarded' | 'riding' | 'alighting' | 'emptied'

export interface ElevatorState {
  readonly phase: Phase
  /** When the phase began and ends, ms. */
  readonly since: number
  readonly until: number
  /** Idle: somebody calls at `until`. */
  readonly called: boolean
  readonly floor: number
  /** Where it goes while moving; otherwise `floor`. */
  readonly target: number
  /** Where the person in the car, or waiting, wants to go. */
  readonly wish: number
  readonly trips: number
  readonly doorCycles: number
  /** How far off level it stopped, mm, and how often the door has reopened there. */
  readonly levelling: number
  readonly reopens: number
  /** Kelvin above the machine room, from recent trips, as of `heatAt`. */
  readonly motorHeat: number
  readonly heatAt: number
  readonly testCallAt: number
  /** Its counters began again; once a restart. */
  readonly restarted: boolean
  /** Since when it is out again and again. */
  readonly outagesSince?: number
  readonly isOut: boolean
  /** What is its own: use against the average, usual vibration of a ride, mm/s. */
  readonly use: number
  readonly roughness: number
}

const HEARTBEAT = 30 * SECOND
const DOOR_TIME = 3 * SECOND
/** The light curtain sees somebody and the door opens again. */
const REOPEN_TIME = 4 * SECOND
const FLOOR_HEIGHT_M = 3
const COOLING = 45 * MINUTE
const HEAT_OF_TRIP = 1.2

export const elevator: Behaviour<ElevatorState> = {
  type: 'elevator',
  begin(_, moment) {
    const { now, random } = moment
    const use = random.between(0.75, 1.3)
    const state: ElevatorState = {
      ...nextCall(use, moment),
      phase: 'idle',
      since: now,
      floor: 1,
      target: 1,
      wish: 1,
      trips: random.int(20_000, 90_000),
      doorCycles: random.int(45_000, 190_000),
      levelling: 0,
      reopens: 0,
      motorHeat: 5,
      heatAt: now,
      testCallAt: now + random.between(0, 1) * DAY,
      restarted: false,
      isOut: false,
      use,
      roughness: random.between(0.85, 1.1),
    }
    return spoken(state, moment)
  },
  step(former, subject, moment) {
    const state = serviced(afterRestart(former, moment.circumstances), moment)
    const said = outageWord(former, state, moment.circumstances)
    const after = moment.now < state.until ? state : next[state.phase](state, subject, moment)
    const { events, ...stepped } = spoken(after, moment)
    return { ...stepped, events: [...said, ...events] }
  },
  values(state, subject, { now, local, random, circumstances }) {
    const moving = state.phase === 'fetching' || state.phase === 'riding'
    const speed = moving ? Math.sign(state.target - state.floor) * metaNumber(subject, 'ratedSpeed', 1.6) : 0
    const machineRoom = 24 + 4 * Math.sin(((local.hour - 9) / 12) * Math.PI) + weather(local.day)
    return {
      carMode: isOut(state.outagesSince, { now, circumstances }) ? 'out-of-service' : 'normal',
      carDriveStatus: moving ? 'rated-speed' : 'stationary',
      carMovingDirection: speed > 0 ? 'up' : speed < 0 ? 'down' : 'stopped',
      carPosition: positionAt(state, now),
      carDoorZone: !moving,
      carDoorStatus: moving || state.phase === 'idle' ? 'closed' : 'opened',
      passengerPresence: occupied.has(state.phase),
      passengerAlarm: false,
      carLoad: state.phase === 'riding' ? random.int(6, 40) : 0,
      carSpeed: rounded(speed, 2),
      levellingError: moving ? 0 : state.levelling,
      doorReopens: moving ? 0 : state.reopens,
      doorCycles: state.doorCycles,
      tripCount: state.trips,
      motorTemperature: rounded(machineRoom + heatNow(state, now) + random.between(-0.3, 0.3), 1),
      machineRoomTemperature: rounded(machineRoom + random.between(-0.2, 0.2), 1),
      vibrationRms: rounded(
        moving ? state.roughness * random.between(0.85, 1.15) : random.between(0.1, 0.2),
        2,
      ),
      faultSignals: [],
    }
  },
}

const occupied: ReadonlySet<Phase> = new Set<Phase>(['boarded', 'riding', 'alighting'])

type Next = (state: ElevatorState, subject: Subject, moment: Moment) => ElevatorState

const next: Readonly<Record<Phase, Next>> = {
  idle: (state, subject, moment) =>
    state.called && !state.isOut
      ? call(state, subject, moment)
      : { ...state, ...nextCall(state.use, moment) },
  fetching: (state, _, moment) =>
    openDoor({ ...state, ...stopped(state, moment.random) }, 'boarding', moment),
  boarding: (state, _, { now }) => ({ ...state, phase: 'boarded', since: now, until: now + DOOR_TIME }),
  boarded: (state, subject, { now }) => move(state, { to: state.wish, phase: 'riding', subject, now }),
  riding: (state, _, moment) =>
    openDoor(
      {
        ...state,
        ...stopped(state, moment.random),
        trips: state.trips + 1,
        motorHeat: Math.min(25, heatNow(state, moment.now) + HEAT_OF_TRIP),
        heatAt: moment.now,
      },
      'alighting',
      moment,
    ),
  alighting: (state, _, { now }) => ({ ...state, phase: 'emptied', since: now, until: now + DOOR_TIME }),
  emptied: (state, _, moment) => ({
    ...state,
    ...nextCall(state.use, moment),
    phase: 'idle',
    since: moment.now,
  }),
}

const stopped = (state: ElevatorState, random: Random): Pick<ElevatorState, 'floor' | 'levelling'> => ({
  floor: state.target,
  levelling: random.int(-5, 5),
})

/** Somebody presses a button: half of all trips begin or end at the ground floor. */
function call(state: ElevatorState, subject: Subject, moment: Moment): ElevatorState {
  const { random, now } = moment
  const top = Math.max(2, metaNumber(subject, 'floors', 12))
  const upstairs = random.int(2, top)
  const [from, wish] = random.chance(0.5) ? [1, upstairs] : [upstairs, 1]
  const called = { ...state, wish }
  if (from === state.floor) return openDoor(called, 'boarding', moment)
  return move(called, { to: from, phase: 'fetching', subject, now })
}

function openDoor(state: ElevatorState, phase: 'boarding' | 'alighting', moment: Moment): ElevatorState {
  const { now, random, circumstances } = moment
  const reopens = reopensOf(circumstances, random)
  return {
    ...state,
    phase,
    since: now,
    until: now + DOOR_TIME + reopens * REOPEN_TIME,
    reopens,
    doorCycles: state.doorCycles + 1 + reopens,
  }
}

/** Mostly none; somebody comes running now and then. */
function reopensOf(circumstances: ReadonlySet<Circumstance>, random: Random): number {
  if (circumstances.has('door-obstructed')) return random.int(4, 9)
  if (circumstances.has('door-worn')) return 3
  if (random.chance(0.9)) return 0
  return random.chance(0.8) ? 1 : 2
}

function move(
  state: ElevatorState,
  trip: { to: number; phase: 'fetching' | 'riding'; subject: Subject; now: number },
): ElevatorState {
  const speed = metaNumber(trip.subject, 'ratedSpeed', 1.6)
  const seconds = 3 + (Math.abs(trip.to - state.floor) * FLOOR_HEIGHT_M) / speed
  const until = trip.now + seconds * SECOND
  return { ...state, phase: trip.phase, target: trip.to, since: trip.now, until, reopens: 0 }
}

function positionAt(state: ElevatorState, now: number): number {
  if (state.phase !== 'fetching' && state.phase !== 'riding') return state.floor
  const share = Math.min(1, Math.max(0, (now - state.since) / (state.until - state.since)))
  return Math.round(state.floor + (state.target - state.floor) * share)
}

const heatNow = ({ motorHeat, heatAt }: ElevatorState, now: number): number =>
  motorHeat * Math.exp((heatAt - now) / COOLING)

/** Warmer and colder days, K. */
const weather = (day: number): number => 2 * Math.sin(day * 1.3) + 1.5 * Math.sin(day * 0.37)

/** A controller that is started again counts from 0. */
function afterRestart(state: ElevatorState, circumstances: ReadonlySet<Circumstance>): ElevatorState {
  const restarted = circumstances.has('restarted')
  if (restarted === state.restarted) return state
  return restarted ? { ...state, restarted, trips: 0, doorCycles: 0 } : { ...state, restarted }
}

/** Whether it is in service now. */
function serviced(state: ElevatorState, moment: Moment): ElevatorState {
  const outagesSince = hasOutages(moment.circumstances) ? (state.outagesSince ?? moment.now) : undefined
  const out = isOut(outagesSince, moment)
  if (out === state.isOut && outagesSince === state.outagesSince) return state
  return { ...state, outagesSince, isOut: out }
}

/** Long outages are told by the faults that make them. */
function outageWord(
  former: ElevatorState,
  state: ElevatorState,
  circumstances: ReadonlySet<Circumstance>,
): readonly string[] {
  if (former.isOut === state.isOut || (former.outagesSince ?? state.outagesSince) === undefined) return []
  if (!state.isOut) return ['back-in-service']
  return [circumstances.has('modernised') ? 'planned-outage' : 'out-of-service']
}

function spoken(state: ElevatorState, { now, random, circumstances }: Moment): Stepped<ElevatorState> {
  const { outagesSince } = state
  const turn = outagesSince === undefined ? Number.POSITIVE_INFINITY : nextTurn(outagesSince, now)
  const nextAt = Math.min(state.until, now + HEARTBEAT, turn)
  if (now < state.testCallAt || circumstances.has('no-test-call'))
    return { state, speaks: true, events: [], nextAt }
  const testCallAt = now + DAY + random.between(-1, 1) * HOUR
  return { state: { ...state, testCallAt }, speaks: true, events: ['test-call'], nextAt }
}
