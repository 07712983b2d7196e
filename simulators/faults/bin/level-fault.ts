/** The level sensor of a bin reports a fault, and a level of 0 that is none. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const levelFault: Fault = {
  name: 'level-fault',
  ref: 'B8',
  deviceTypes: ['bin'],
  reach: 'device',
  lasts: [2 * HOUR, 48 * HOUR],
  raisedWithin: 2 * MINUTE,
  shape: (values) => ({ ...values, status: 'unknown', fillingLevel: 0, distance: 0 }),
}
