/** A door that needs several tries at every stop, day after day. */
import { DAY, HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const doorWorn: Fault = {
  name: 'door-worn',
  ref: 'E7',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [3 * DAY, 5 * DAY],
  // A whole day with three times its own openings a trip (domain.md E7), judged at the end of it.
  raisedWithin: 48 * HOUR + 15 * MINUTE,
  learns: 15 * DAY,
  // It is over with the next normal day.
  again: 4 * DAY,
  circumstance: 'door-worn',
}
