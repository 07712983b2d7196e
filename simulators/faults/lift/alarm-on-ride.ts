/** A passenger leans against the alarm button on a normal ride. */
import { SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { atLanding, leaving, occupied, riding } from './car.ts'

export const alarmOnRide: Fault = {
  name: 'alarm-on-ride',
  ref: 'E3',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [4 * SECOND, 15 * SECOND],
  raiseWithin: 0,
  leadIn: 10 * SECOND,
  leadOut: 20 * SECOND,
  reportEvery: 2 * SECOND,
  alterTelemetry(values, { elapsed, span }) {
    const sinceEnd = elapsed - (span.to - span.from)
    if (elapsed < -5 * SECOND) return { ...values, ...atLanding, ...occupied }
    if (sinceEnd >= 5 * SECOND) return { ...values, ...leaving(sinceEnd - 5 * SECOND, 15 * SECOND) }
    return { ...values, ...riding, ...occupied, passengerAlarm: elapsed >= 0 && sinceEnd < 0 }
  },
}
