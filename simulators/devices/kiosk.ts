/** A health station at home: blood pressure morning and evening, glucose before breakfast; a sign of life every 5 min. */
import type { FieldValues } from '../../model/device-type.ts'
import { rounded } from '../random.ts'
import { type Behaviour, HOUR, MINUTE, type Moment } from './behaviour.ts'

export interface KioskState {
  /** The person's usual figures. */
  readonly systolic: number
  readonly diastolic: number
  readonly glucose: number
  /** Hour of the next measurement, counted over all days: day x 24 + hour. */
  readonly nextHour: number
  /** What this message tells. */
  readonly measures: 'pressure' | 'glucose' | 'nothing'
}

const EVERY = 5 * MINUTE
/** Hours of the day, and what is measured then. */
const PLAN = [
  { hour: 6.8, measures: 'glucose' },
  { hour: 7, measures: 'pressure' },
  { hour: 19, measures: 'pressure' },
] as const

export const kiosk: Behaviour<KioskState> = {
  type: 'kiosk',
  begin(_, { now, local, random }) {
    const state: KioskState = {
      systolic: random.between(112, 126),
      diastolic: random.between(68, 79),
      glucose: random.between(4.8, 6.2),
      nextHour: following(local.day * 24 + local.hour),
      measures: 'nothing',
    }
    return { state, speaks: true, events: [], nextAt: now + random.between(0.1, 1) * EVERY }
  },
  step(state, _, moment) {
    const hour = moment.local.day * 24 + moment.local.hour
    if (hour < state.nextHour) return said({ ...state, measures: 'nothing' }, moment)
    const of = state.nextHour - Math.floor(state.nextHour / 24) * 24
    const measures = PLAN.find((one) => Math.abs(one.hour - of) < 0.01)?.measures ?? 'nothing'
    return said({ ...state, measures, nextHour: following(hour) }, moment)
  },
  values(state, _, { random }): FieldValues {
    const rssi = random.int(-80, -55)
    if (state.measures === 'glucose')
      return { bloodGlucose: rounded(state.glucose + random.between(-0.6, 0.6), 1), context: 'fasting', rssi }
    if (state.measures === 'nothing') return { rssi }
    return {
      systolicBloodPressure: Math.round(state.systolic + random.between(-6, 6)),
      diastolicBloodPressure: Math.round(state.diastolic + random.between(-4, 4)),
      heartRate: random.int(58, 88),
      rssi,
    }
  },
}

function said(state: KioskState, { now, local }: Moment) {
  const planned = now + Math.max(0, state.nextHour - local.day * 24 - local.hour) * HOUR
  return { state, speaks: true, events: [], nextAt: Math.min(now + EVERY, planned) }
}

function following(hour: number): number {
  const day = Math.floor(hour / 24) * 24
  // A measurement a moment ago is not the next one.
  return PLAN.map((one) => day + one.hour).find((one) => one > hour + 0.01) ?? day + 24 + PLAN[0].hour
}
