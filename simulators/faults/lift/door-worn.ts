/** A worn door that needs several attempts at every stop, day after day. */
import { DAY, HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const doorWorn: Fault = {
  name: 'door-worn',
  ref: 'E7',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [3 * DAY, 5 * DAY],
  // A whole day with three times its usual reopenings a trip (domain.md E7), evaluated at its end.
  raiseWithin: 48 * HOUR + 15 * MINUTE,
  minHistory: 15 * DAY,
  // The alert clears with the next normal day.
  minRepeatGap: 4 * DAY,
  override: 'door-worn',
}
