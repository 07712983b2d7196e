/** A health station at home: blood pressure morning and evening, glucose before breakfast; a heartbeat every 5 min. */
import type { FieldValues } from '../../model/device-type.ts'
import { rounded } from '../random.ts'
import { type Behaviour, HOUR, MINUTE, type StepContext } from './behaviour.ts'

export interface KioskState {
  /** The resident's usual values. */
  readonly systolic: number
  readonly diastolic: number
  readonly glucose: number
  /** Next measurement, in hours: local day x 24 + hour. */
  readonly nextHour: number
  /** What the current reading contains. */
  readonly measures: 'pressure' | 'glucose' | 'nothing'
}

const EVERY = 5 * MINUTE
/** Measurements by local hour. */
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
      nextHour: nextMeasurement(local.day * 24 + local.hour),
      measures: 'nothing',
    }
    return { state, reports: true, events: [], nextAt: now + random.between(0.1, 1) * EVERY }
  },
  step(state, _, context) {
    const hour = context.local.day * 24 + context.local.hour
    if (hour < state.nextHour) return stepResult({ ...state, measures: 'nothing' }, context)
    const of = state.nextHour - Math.floor(state.nextHour / 24) * 24
    const measures = PLAN.find((one) => Math.abs(one.hour - of) < 0.01)?.measures ?? 'nothing'
    return stepResult({ ...state, measures, nextHour: nextMeasurement(hour) }, context)
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

function stepResult(state: KioskState, { now, local }: StepContext) {
  const planned = now + Math.max(0, state.nextHour - local.day * 24 - local.hour) * HOUR
  return { state, reports: true, events: [], nextAt: Math.min(now + EVERY, planned) }
}

function nextMeasurement(hour: number): number {
  const day = Math.floor(hour / 24) * 24
  // Excludes the measurement that was just made.
  return PLAN.map((one) => day + one.hour).find((one) => one > hour + 0.01) ?? day + 24 + PLAN[0].hour
}
