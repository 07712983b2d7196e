/** A child presses the alarm button while the door stands open. */
import { SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { landing, leaving, people } from './car.ts'

export const alarmJoke: Fault = {
  name: 'alarm-joke',
  ref: 'E3',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [5 * SECOND, 20 * SECOND],
  raisedWithin: 0,
  lead: 5 * SECOND,
  tail: 10 * SECOND,
  every: 2 * SECOND,
  shape(values, { elapsed, span }) {
    const over = elapsed - (span.to - span.from)
    if (over >= 0) return { ...values, ...leaving(over, 10 * SECOND) }
    return { ...values, ...landing, ...people, passengerAlarm: elapsed >= 0 }
  },
}
