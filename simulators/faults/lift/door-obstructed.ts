/** An obstacle in the doorway: the door reopens again and again at every stop. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isBusy } from './car.ts'

export const doorObstructed: Fault = {
  name: 'door-obstructed',
  ref: 'E7',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [2 * HOUR, 6 * HOUR],
  // 4 reopenings at the next stop (domain.md E7).
  raiseWithin: 90 * MINUTE,
  override: 'door-obstructed',
  isDetectable: isBusy,
}
