/** Somebody measures a very high blood pressure, and again half an hour later. */
import { HOUR, MINUTE, SECOND } from '../devices/behaviour.ts'
import type { Fault } from './fault.ts'

const EVERY = 30 * MINUTE

export const pressurePeak: Fault = {
  name: 'pressure-peak',
  ref: 'K1',
  deviceTypes: ['kiosk'],
  reach: 'device',
  lasts: [40 * MINUTE, 2 * HOUR],
  raisedWithin: 5 * SECOND,
  every: EVERY,
  // In the end it is measured once more, and better.
  tail: 31 * MINUTE,
  shape(values, { elapsed, span }) {
    // What the station says by itself in between is no measurement.
    if (elapsed % EVERY !== 0) return values
    return elapsed < span.to - span.from
      ? { ...values, systolicBloodPressure: 188, diastolicBloodPressure: 104, heartRate: 92 }
      : { ...values, systolicBloodPressure: 134, diastolicBloodPressure: 82, heartRate: 78 }
  },
}
