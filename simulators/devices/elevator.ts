/**
 * A lift: trips by the hour of the day, doors, load; reports at every change and every 30 s when idle. Its alarm line
 * makes one test call a day (EN 81-28 requires one in 72 h).
 */
import { type Random, rounded } from '../random.ts'
import { metaNumber, type Subject } from '../subject.ts'
import {
  type Behaviour,
  type BehaviourOverride,
  DAY,
  HOUR,
  MINUTE,
  SECOND,
  type StepContext,
  type StepResult,
} from './behaviour.ts'
import { hasOutages, isOut, nextOutageChange } from './lift-outages.ts'
import { nextCall } from './lift-traffic.ts'

/** The door is open from `boarding` to `boarded`, and from `alighting` to `emptied`. */
type Phase = 'idle' | 'fetching' | 'boarding' | 'boarded' | 'riding' | 'alighting' | 'emptied'

export interface ElevatorState {
  readonly phase: Phase
  /** When the phase began and ends, ms. */
  readonly since: number
  readonly until: number
  /** When idle: a call comes at `until`. */
  readonly called: boolean
  readonly floor: number
  /** Target floor while moving; otherwise `floor`. */
  readonly target: number
  /** Destination of the passenger who is waiting or in the car. */
  readonly destination: number
  readonly trips: number
  readonly doorCycles: number
  /** Levelling error of the last stop, mm, and door reopenings there. */
  readonly levelling: number
  readonly reopens: number
  /** Motor temperature above the machine room as of `heatAt`, K. */
  readonly motorHeat: number
  readonly heatAt: number
  readonly testCallAt: number
  /** True after the counters were reset; once per restart. */
  readonly restarted: boolean
  /** Start of the recurring outages, ms. */
  readonly outagesSince?: number
  readonly isOut: boolean
  /** Per lift: traffic relative to the average, and vibration of a ride, mm/s. */
  readonly trafficFactor: number
  readonly roughness: number
}

const HEARTBEAT = 30 * SECOND
const DOOR_TIME = 3 * SECOND
/** The light curtain is interrupted and the door reopens. */
const REOPEN_TIME = 4 * SECOND
const FLOOR_HEIGHT_M = 3
const COOLING = 45 * MINUTE
const HEAT_PER_TRIP = 1.2

export const elevator: Behaviour<ElevatorState> = {
  type: 'elevator',
  begin(_, context) {
    const { now, random } = context
    const trafficFactor = random.between(0.75, 1.3)
    const state: ElevatorState = {
      ...nextCall(trafficFactor, context),
      phase: 'idle',
      since: now,
      floor: 1,
      target: 1,
      destination: 1,
      trips: random.int(20_000, 90_000),
      doorCycles: random.int(45_000, 190_000),
      levelling: 0,
      reopens: 0,
      motorHeat: 5,
      heatAt: now,
      testCallAt: now + random.between(0, 1) * DAY,
      restarted: false,
      isOut: false,
      trafficFactor,
      roughness: random.between(0.85, 1.1),
    }
    return stepResult(state, context)
  },
  step(former, subject, context) {
    const state = withServiceState(withRestart(former, context.overrides), context)
    const outage = outageEvents(former, state, context.overrides)
    const after = context.now < state.until ? state : next[state.phase](state, subject, context)
    const { events, ...stepped } = stepResult(after, context)
    return { ...stepped, events: [...outage, ...events] }
  },
  values(state, subject, { now, local, random, overrides }) {
    const moving = state.phase === 'fetching' || state.phase === 'riding'
    const speed = moving ? Math.sign(state.target - state.floor) * metaNumber(subject, 'ratedSpeed', 1.6) : 0
    const machineRoom =
      24 + 4 * Math.sin(((local.hour - 9) / 12) * Math.PI) + dailyTemperatureOffset(local.day)
    return {
      carMode: isOut(state.outagesSince, { now, overrides }) ? 'out-of-service' : 'normal',
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

type Next = (state: ElevatorState, subject: Subject, context: StepContext) => ElevatorState

const next: Readonly<Record<Phase, Next>> = {
  idle: (state, subject, context) =>
    state.called && !state.isOut
      ? call(state, subject, context)
      : { ...state, ...nextCall(state.trafficFactor, context) },
  fetching: (state, _, context) =>
    openDoor({ ...state, ...stopped(state, context.random) }, 'boarding', context),
  boarding: (state, _, { now }) => ({ ...state, phase: 'boarded', since: now, until: now + DOOR_TIME }),
  boarded: (state, subject, { now }) => move(state, { to: state.destination, phase: 'riding', subject, now }),
  riding: (state, _, context) =>
    openDoor(
      {
        ...state,
        ...stopped(state, context.random),
        trips: state.trips + 1,
        motorHeat: Math.min(25, heatNow(state, context.now) + HEAT_PER_TRIP),
        heatAt: context.now,
      },
      'alighting',
      context,
    ),
  alighting: (state, _, { now }) => ({ ...state, phase: 'emptied', since: now, until: now + DOOR_TIME }),
  emptied: (state, _, context) => ({
    ...state,
    ...nextCall(state.trafficFactor, context),
    phase: 'idle',
    since: context.now,
  }),
}

const stopped = (state: ElevatorState, random: Random): Pick<ElevatorState, 'floor' | 'levelling'> => ({
  floor: state.target,
  levelling: random.int(-5, 5),
})

/** A call: every trip begins or ends at the ground floor. */
function call(state: ElevatorState, subject: Subject, context: StepContext): ElevatorState {
  const { random, now } = context
  const top = Math.max(2, metaNumber(subject, 'floors', 12))
  const upstairs = random.int(2, top)
  const [from, destination] = random.chance(0.5) ? [1, upstairs] : [upstairs, 1]
  const called = { ...state, destination }
  if (from === state.floor) return openDoor(called, 'boarding', context)
  return move(called, { to: from, phase: 'fetching', subject, now })
}

function openDoor(
  state: ElevatorState,
  phase: 'boarding' | 'alighting',
  context: StepContext,
): ElevatorState {
  const { now, random, overrides } = context
  const reopens = reopensOf(overrides, random)
  return {
    ...state,
    phase,
    since: now,
    until: now + DOOR_TIME + reopens * REOPEN_TIME,
    reopens,
    doorCycles: state.doorCycles + 1 + reopens,
  }
}

/** Usually none; sometimes a late passenger. */
function reopensOf(overrides: ReadonlySet<BehaviourOverride>, random: Random): number {
  if (overrides.has('door-obstructed')) return random.int(4, 9)
  if (overrides.has('door-worn')) return 3
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

/** Weather: warmer and colder days, K. */
const dailyTemperatureOffset = (day: number): number => 2 * Math.sin(day * 1.3) + 1.5 * Math.sin(day * 0.37)

/** A restarted controller counts from 0. */
function withRestart(state: ElevatorState, overrides: ReadonlySet<BehaviourOverride>): ElevatorState {
  const restarted = overrides.has('restarted')
  if (restarted === state.restarted) return state
  return restarted ? { ...state, restarted, trips: 0, doorCycles: 0 } : { ...state, restarted }
}

/** Updates whether it is in service. */
function withServiceState(state: ElevatorState, context: StepContext): ElevatorState {
  const outagesSince = hasOutages(context.overrides) ? (state.outagesSince ?? context.now) : undefined
  const out = isOut(outagesSince, context)
  if (out === state.isOut && outagesSince === state.outagesSince) return state
  return { ...state, outagesSince, isOut: out }
}

/** Events of recurring outages only; long outages get their events from their faults. */
function outageEvents(
  former: ElevatorState,
  state: ElevatorState,
  overrides: ReadonlySet<BehaviourOverride>,
): readonly string[] {
  if (former.isOut === state.isOut || (former.outagesSince ?? state.outagesSince) === undefined) return []
  if (!state.isOut) return ['back-in-service']
  return [overrides.has('modernised') ? 'planned-outage' : 'out-of-service']
}

function stepResult(
  state: ElevatorState,
  { now, random, overrides }: StepContext,
): StepResult<ElevatorState> {
  const { outagesSince } = state
  const turn = outagesSince === undefined ? Number.POSITIVE_INFINITY : nextOutageChange(outagesSince, now)
  const nextAt = Math.min(state.until, now + HEARTBEAT, turn)
  if (now < state.testCallAt || overrides.has('no-test-call'))
    return { state, reports: true, events: [], nextAt }
  const testCallAt = now + DAY + random.between(-1, 1) * HOUR
  return { state: { ...state, testCallAt }, reports: true, events: ['test-call'], nextAt }
}
