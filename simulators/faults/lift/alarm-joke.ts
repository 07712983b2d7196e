/** A child presses the alarm button while the door is open. */
import { SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { atLanding, leaving, occupied } from './car.ts'

export const alarmJoke: Fault = {
  name: 'alarm-joke',
  ref: 'E3',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [5 * SECOND, 20 * SECOND],
  raiseWithin: 0,
  leadIn: 5 * SECOND,
  leadOut: 10 * SECOND,
  reportEvery: 2 * SECOND,
  alterTelemetry(values, { elapsed, span }) {
    const sinceEnd = elapsed - (span.to - span.from)
    if (sinceEnd >= 0) return { ...values, ...leaving(sinceEnd, 10 * SECOND) }
    return { ...values, ...atLanding, ...occupied, passengerAlarm: elapsed >= 0 }
  },
}
