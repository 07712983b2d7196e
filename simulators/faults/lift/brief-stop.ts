/** The door switch bounces on a ride: the car stops between floors and goes on by itself. */
import { SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { betweenFloors, landing, leaving, people, riding } from './car.ts'

export const briefStop: Fault = {
  name: 'brief-stop',
  ref: 'E1',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [20 * SECOND, 38 * SECOND],
  raisedWithin: 0,
  lead: 10 * SECOND,
  tail: 20 * SECOND,
  every: 2 * SECOND,
  shape(values, { elapsed, span }) {
    const over = elapsed - (span.to - span.from)
    if (elapsed < -5 * SECOND) return { ...values, ...landing, ...people }
    if (elapsed < 0 || (over >= 0 && over < 10 * SECOND)) return { ...values, ...riding, ...people }
    return {
      ...values,
      ...(over < 0 ? { ...betweenFloors, ...people } : leaving(over - 10 * SECOND, 10 * SECOND)),
    }
  },
}
