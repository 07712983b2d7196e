/** A door contact: reports when the door opens or closes as the resident comes and goes, and at least twice a day. */
import { rounded } from '../random.ts'
import type { Subject } from '../subject.ts'
import {
  type Behaviour,
  type BehaviourOverride,
  batteryAt,
  HOUR,
  MINUTE,
  SECOND,
  type StepContext,
  type StepResult,
} from './behaviour.ts'
import { nextChange, residentLocation, routineToday, type Today } from './resident-location.ts'

export interface DoorState {
  readonly startedAt: number
  readonly battery: number
  readonly openCount: number
  readonly lastOpenSeconds: number
  readonly today: Today
  /** Who is in or out; a change opens the door. */
  readonly occupancyKey: string
  /** Since when it is open, ms; null = closed. */
  readonly openSince: number | null
  /** When it closes (if open) or somebody may pass next (if closed), ms. */
  readonly changeAt: number
  readonly heartbeatAt: number
}

const HEARTBEAT = 12 * HOUR

export const door: Behaviour<DoorState> = {
  type: 'door',
  begin(subject, context) {
    const { now, random } = context
    const today = routineToday(undefined, subject, context)
    const state: DoorState = {
      startedAt: now,
      battery: random.between(0.5, 1),
      openCount: random.int(300, 4000),
      lastOpenSeconds: random.int(5, 20),
      today,
      occupancyKey: occupancyKeyOf(today, subject, context),
      openSince: null,
      changeAt: nextPassing(today, subject, context),
      heartbeatAt: now + random.between(0.1, 1) * HEARTBEAT,
    }
    return stepResult(state, true)
  },
  step(state, subject, context) {
    const changed =
      state.openSince === null ? stepClosed(state, subject, context) : stepOpen(state, subject, context)
    if (changed.openSince !== state.openSince) return stepResult(changed, true)
    if (context.now < changed.heartbeatAt) return stepResult(changed, false)
    return stepResult({ ...changed, heartbeatAt: context.now + HEARTBEAT }, true)
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

function stepClosed(state: DoorState, subject: Subject, context: StepContext): DoorState {
  const { now, random, overrides } = context
  const today = routineToday(state.today, subject, context)
  const occupancyKey = occupancyKeyOf(today, subject, context)
  const isRestless = overrides.has('restless') && now >= state.changeAt
  if (occupancyKey === state.occupancyKey && !overrides.has('kept-open') && !isRestless)
    return { ...state, today, changeAt: nextPassing(today, subject, context) }
  return {
    ...state,
    today,
    occupancyKey,
    openSince: now,
    openCount: state.openCount + 1,
    changeAt: now + random.between(5, 25) * SECOND,
  }
}

function stepOpen(state: DoorState, subject: Subject, context: StepContext): DoorState {
  const { now, overrides } = context
  if (overrides.has('kept-open')) return { ...state, changeAt: now + MINUTE }
  if (now < state.changeAt || state.openSince === null) return state
  const lastOpenSeconds = (now - state.openSince) / SECOND
  return { ...state, openSince: null, lastOpenSeconds, changeAt: nextPassing(state.today, subject, context) }
}

/** Encodes who is in or out; the door opens whenever this changes. Inner doors follow the same pattern. */
function occupancyKeyOf(today: Today, subject: Subject, context: StepContext): string {
  const where = residentLocation(today, subject, context) === 'out' ? 'out' : 'in'
  return ['visited', 'restless'].reduce(
    (text, one) => (context.overrides.has(one as BehaviourOverride) ? `${text} ${one}` : text),
    where,
  )
}

/** Longest time between two openings by a restless resident. */
const RESTLESS_GAP = 8 * MINUTE

/** When somebody may pass next, ms. */
function nextPassing(today: Today, subject: Subject, context: StepContext): number {
  if (context.overrides.has('restless')) return context.now + context.random.between(0.7, 1) * RESTLESS_GAP
  return nextChange(today, subject, context)
}

function stepResult(state: DoorState, reports: boolean): StepResult<DoorState> {
  return { state, reports, events: [], nextAt: Math.min(state.changeAt, state.heartbeatAt) }
}
