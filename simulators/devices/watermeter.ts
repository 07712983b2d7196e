/** A water meter of a home: counts while the resident is in the kitchen or the bathroom; reports every half hour. */
import { rounded } from '../random.ts'
import { type Behaviour, batteryAt, MINUTE, type StepContext, type StepResult } from './behaviour.ts'
import {
  nextChange,
  type ResidentLocation,
  residentLocation,
  routineToday,
  type Today,
} from './resident-location.ts'

export interface WatermeterState {
  readonly startedAt: number
  readonly battery: number
  readonly today: Today
  /** The resident's location since `since`; consumption before that is in `litres`. */
  readonly place: ResidentLocation
  readonly since: number
  readonly litres: number
  readonly reportAt: number
}

const EVERY = 30 * MINUTE
/** Litres a minute. */
const flows: Partial<Record<ResidentLocation, number>> = { bathroom: 3, kitchen: 1.5 }

export const watermeter: Behaviour<WatermeterState> = {
  type: 'watermeter',
  begin(subject, context) {
    const { now, random } = context
    const today = routineToday(undefined, subject, context)
    const state: WatermeterState = {
      startedAt: now,
      battery: random.between(0.6, 1),
      today,
      place: residentLocation(today, subject, context),
      since: now,
      litres: random.int(10_000, 90_000),
      reportAt: now + random.between(0.1, 1) * EVERY,
    }
    return stepResult(state, nextChange(today, subject, context), true)
  },
  step(state, subject, context) {
    const today = routineToday(state.today, subject, context)
    const place = residentLocation(today, subject, context)
    const reports = context.now >= state.reportAt
    const reportAt = reports ? context.now + EVERY : state.reportAt
    const next = { ...state, today, place, since: context.now, litres: litresAt(state, context), reportAt }
    return stepResult(next, nextChange(today, subject, context), reports)
  },
  values: (state, _, context) => ({
    waterConsumption: rounded(litresAt(state, context), 1),
    batteryLevel: batteryAt(state.battery, state.startedAt, context.now),
    rssi: context.random.int(-85, -60),
  }),
}

const litresAt = ({ litres, place, since }: WatermeterState, { now }: StepContext): number =>
  litres + ((flows[place] ?? 0) * (now - since)) / MINUTE

function stepResult(state: WatermeterState, changeAt: number, reports: boolean): StepResult<WatermeterState> {
  return { state, reports, events: [], nextAt: Math.min(state.reportAt, changeAt) }
}
