/** Something lies in the way of the door: it opens again and again at every stop. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isBusy } from './car.ts'

export const doorObstructed: Fault = {
  name: 'door-obstructed',
  ref: 'E7',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [2 * HOUR, 6 * HOUR],
  // 4 reopenings at the next stop (domain.md E7).
  raisedWithin: 90 * MINUTE,
  circumstance: 'door-obstructed',
  visible: isBusy,
}
