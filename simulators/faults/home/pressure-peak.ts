/** Somebody measures a very high blood pressure, and again half an hour later. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

const EVERY = 30 * MINUTE

export const pressurePeak: Fault = {
  name: 'pressure-peak',
  ref: 'K1',
  deviceTypes: ['kiosk'],
  reach: 'device',
  lasts: [31 * MINUTE, 59 * MINUTE],
  raisedWithin: 5 * SECOND,
  every: EVERY,
  tail: EVERY + MINUTE,
  shape(values, { elapsed, span }) {
    // What the station says by itself in between is no measurement.
    if (elapsed % EVERY !== 0) return values
    if (elapsed === 0)
      return { ...values, systolicBloodPressure: 188, diastolicBloodPressure: 104, heartRate: 92 }
    const still = elapsed < span.to - span.from
    // Measured again it is better, and in the end right.
    return { ...values, systolicBloodPressure: still ? 181 : 134, diastolicBloodPressure: 86, heartRate: 78 }
  },
}
