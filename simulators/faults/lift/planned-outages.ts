/** A lift that is modernised, out for some hours every day or two as announced. */
import { DAY } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const plannedOutages: Fault = {
  name: 'planned-outages',
  ref: 'E15',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [5 * DAY, 8 * DAY],
  raisedWithin: 0,
  circumstance: 'modernised',
}
