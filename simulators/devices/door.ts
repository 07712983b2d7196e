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
import { nextChange, type Today, todayOf, whereabouts } from './whereabouts.ts'

export interface DoorState {
  readonly startedAt: number
  readonly battery: number
  readonly openCount: number
  readonly lastOpenSeconds: number
  readonly today: Today
  /** Who is out or in; a change opens the door. */
  readonly passing: string
  /** Since when it stands open, ms; null = shut. */
  readonly openSince: number | null
  /** When it shuts (open) or somebody may pass next (shut), ms. */
  readonly changeAt: number
  readonly heartbeatAt: number
}

const HEARTBEAT = 12 * HOUR

export const door: Behaviour<DoorState> = {
  type: 'door',
  begin(subject, moment) {
    const { now, random } = moment
    const today = todayOf(undefined, subject, moment)
    const state: DoorState = {
      startedAt: now,
      battery: random.between(0.5, 1),
      openCount: random.int(300, 4000),
      lastOpenSeconds: random.int(5, 20),
      today,
      passing: passingOf(today, subject, moment),
      openSince: null,
      changeAt: nextLook(today, subject, moment),
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
  const today = todayOf(state.today, subject, moment)
  const passing = passingOf(today, subject, moment)
  const isRestless = circumstances.has('restless') && now >= state.changeAt
  if (passing === state.passing && !circumstances.has('held-open') && !isRestless)
    return { ...state, today, changeAt: nextLook(today, subject, moment) }
  return {
    ...state,
    today,
    passing,
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
  return { ...state, openSince: null, lastOpenSeconds, changeAt: nextLook(state.today, subject, moment) }
}

/** Who is out or in besides the resident; the door opens whenever this changes. Inner doors follow the same. */
function passingOf(today: Today, subject: Subject, moment: Moment): string {
  const where = whereabouts(today, subject, moment) === 'out' ? 'out' : 'in'
  return ['visited', 'restless'].reduce(
    (text, one) => (moment.circumstances.has(one as Circumstance) ? `${text} ${one}` : text),
    where,
  )
}

/** Time between two openings by somebody who cannot find peace. */
const RESTLESS = 8 * MINUTE

/** When somebody may pass next, ms. */
function nextLook(today: Today, subject: Subject, moment: Moment): number {
  if (moment.circumstances.has('restless')) return moment.now + moment.random.between(0.7, 1) * RESTLESS
  return nextChange(today, subject, moment)
}

function said(state: DoorState, speaks: boolean): Stepped<DoorState> {
  return { state, speaks, events: [], nextAt: Math.min(state.changeAt, state.heartbeatAt) }
}
