/** A door contact: a message when the door opens and closes as the resident comes and goes, and twice a day at least. */
import { rounded } from '../random.ts'
import type { Subject } from '../subject.ts'
import {
  type Behaviour,
  batteryAt,
  type Circumstance,
  HOUR,
  MINUTE,
  type Moment,
  SECOND,
  type Stepped,
} from './behaviour.ts'
import { openingsOf, routineOf } from './routine.ts'
import { isAbsent } from './whereabouts.ts'

export interface DoorState {
  readonly startedAt: number
  readonly battery: number
  readonly openCount: number
  readonly lastOpenSeconds: number
  /** Who is out besides the day's routine; empty = nobody. */
  readonly called: string
  /** Since when it stands open, ms; null = shut. */
  readonly openSince: number | null
  /** When it shuts (open) or opens (shut) by the day's routine, ms. */
  readonly changeAt: number
  readonly heartbeatAt: number
}

const HEARTBEAT = 12 * HOUR

export const door: Behaviour<DoorState> = {
  type: 'door',
  begin(subject, moment) {
    const { now, random } = moment
    const state: DoorState = {
      startedAt: now,
      battery: random.between(0.5, 1),
      openCount: random.int(300, 4000),
      lastOpenSeconds: random.int(5, 20),
      called: callersOf(subject, moment),
      openSince: null,
      changeAt: nextOpening(subject, moment),
      heartbeatAt: now + random.between(0.1, 1) * HEARTBEAT,
    }
    return said(state, true)
  },
  step(state, subject, moment) {
    const changed =
      state.openSince === null ? whenShut(state, subject, moment) : whenOpen(state, subject, moment)
    if (changed.openSince !== state.openSince) return said(changed, true)
    if (moment.now < changed.heartbeatAt) return said(changed, false)
    return said({ ...changed, heartbeatAt: moment.now + HEARTBEAT }, true)
  },
  values(state, _, { now, random }) {
    return {
      contact: state.openSince === null,
      openCount: state.openCount,
      lastOpenDuration: rounded(state.lastOpenSeconds, 0),
      tamper: false,
      batteryLevel: batteryAt(state.battery, state.startedAt, now),
      rssi: random.int(-85, -60),
    }
  },
}

function whenShut(state: DoorState, subject: Subject, moment: Moment): DoorState {
  const { now, random, circumstances } = moment
  const called = callersOf(subject, moment)
  const held = circumstances.has('held-open')
  const moved = called !== state.called
  if (!held && !moved && now < state.changeAt) return state
  if (!held && !moved && staysShut(subject, moment))
    return { ...state, changeAt: nextOpening(subject, moment) }
  return {
    ...state,
    called,
    openSince: now,
    openCount: state.openCount + 1,
    changeAt: now + random.between(5, 25) * SECOND,
  }
}

function whenOpen(state: DoorState, subject: Subject, moment: Moment): DoorState {
  const { now, circumstances } = moment
  if (circumstances.has('held-open')) return { ...state, changeAt: now + MINUTE }
  if (now < state.changeAt || state.openSince === null) return state
  const lastOpenSeconds = (now - state.openSince) / SECOND
  return { ...state, openSince: null, lastOpenSeconds, changeAt: nextOpening(subject, moment) }
}

/** Who is out besides the routine; the door opens when that begins and when it ends. */
function callersOf(subject: Subject, { now, circumstances }: Moment): string {
  if (isAbsent(subject, now) || circumstances.has('gone')) return 'gone'
  return circumstances.has('visited') ? 'visited' : circumstances.has('restless') ? 'restless' : ''
}

const homebound: readonly Circumstance[] = [
  'still',
  'gone',
  'in-bathroom',
  'sleepless',
  'lying-in',
  'unwell',
  'indoors',
]
const staysShut = (subject: Subject, { now, circumstances }: Moment): boolean =>
  isAbsent(subject, now) || homebound.some((one) => circumstances.has(one))

/** Time between two openings by somebody who cannot find peace. */
const RESTLESS = 8 * MINUTE

/** Of today or tomorrow, after now. Inner doors follow the same comings and goings. */
function nextOpening(subject: Subject, moment: Moment): number {
  const { now, local, circumstances, random } = moment
  if (circumstances.has('restless')) return now + random.between(0.7, 1) * RESTLESS
  const edges = subject.absences.flatMap(({ from, to }) => [from, to]).filter((edge) => edge > now)
  for (const ahead of [0, 1, 2]) {
    const hours = openingsOf(routineOf(subject.home ?? subject.id, local.day + ahead))
    const hour = hours.find((one) => one + ahead * 24 > local.hour + 0.001)
    if (hour !== undefined)
      return Math.min(now + Math.round((hour + ahead * 24 - local.hour) * HOUR), ...edges)
  }
  return Math.min(now + 24 * HOUR, ...edges)
}

function said(state: DoorState, speaks: boolean): Stepped<DoorState> {
  return { state, speaks, events: [], nextAt: Math.min(state.changeAt, state.heartbeatAt) }
}
