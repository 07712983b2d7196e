/** The alarm button is leant against on a ride that goes on as usual. */
import { SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { landing, leaving, people, riding } from './car.ts'

export const alarmOnRide: Fault = {
  name: 'alarm-on-ride',
  ref: 'E3',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [4 * SECOND, 15 * SECOND],
  raisedWithin: 0,
  lead: 10 * SECOND,
  tail: 20 * SECOND,
  every: 2 * SECOND,
  shape(values, { elapsed, span }) {
    const over = elapsed - (span.to - span.from)
    if (elapsed < -5 * SECOND) return { ...values, ...landing, ...people }
    if (over >= 5 * SECOND) return { ...values, ...leaving(over - 5 * SECOND, 15 * SECOND) }
    return { ...values, ...riding, ...people, passengerAlarm: elapsed >= 0 && over < 0 }
  },
}
