/** One high measurement after climbing stairs, below the limit of an alert. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const excited: Fault = {
  name: 'excited',
  ref: 'K1',
  decoy: true,
  deviceTypes: ['kiosk'],
  affects: 'device',
  duration: [2 * MINUTE, 4 * MINUTE],
  raiseWithin: 0,
  reportEvery: 10 * MINUTE,
  alterTelemetry: (values, { elapsed }) =>
    elapsed === 0
      ? { ...values, systolicBloodPressure: 165, diastolicBloodPressure: 98, heartRate: 110 }
      : values,
}
