/** A very high blood pressure, measured again half an hour later. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

const EVERY = 30 * MINUTE

export const pressurePeak: Fault = {
  name: 'pressure-peak',
  ref: 'K1',
  deviceTypes: ['kiosk'],
  affects: 'device',
  duration: [31 * MINUTE, 59 * MINUTE],
  raiseWithin: 5 * SECOND,
  reportEvery: EVERY,
  leadOut: EVERY + MINUTE,
  alterTelemetry(values, { elapsed, span }) {
    // Heartbeats in between contain no measurement.
    if (elapsed % EVERY !== 0) return values
    if (elapsed === 0)
      return { ...values, systolicBloodPressure: 188, diastolicBloodPressure: 104, heartRate: 92 }
    const isActive = elapsed < span.to - span.from
    // Slightly better at the second measurement, normal at the last.
    return {
      ...values,
      systolicBloodPressure: isActive ? 181 : 134,
      diastolicBloodPressure: 86,
      heartRate: 78,
    }
  },
}
