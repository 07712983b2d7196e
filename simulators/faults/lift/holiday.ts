/** Half of the house has gone to see the family. */
import { DAY } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const holiday: Fault = {
  name: 'holiday',
  ref: 'E12',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [DAY, 3 * DAY],
  raisedWithin: 0,
  circumstance: 'holiday',
}
