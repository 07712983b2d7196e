/** The controller is started again and counts from 0. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const liftRestarted: Fault = {
  name: 'lift-restarted',
  ref: 'E12',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [2 * MINUTE, 8 * MINUTE],
  raisedWithin: 0,
  circumstance: 'restarted',
}
