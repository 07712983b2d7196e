/** A lift that waits for a spare part for more than a day. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const liftOutLong: Fault = {
  name: 'lift-out-long',
  ref: 'E14',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [26 * HOUR, 60 * HOUR],
  // 24 h (domain.md E14), and one message.
  raisedWithin: 24 * HOUR + 5 * MINUTE,
  circumstance: 'out-of-service',
  happenings: ({ from, to }) => [
    { at: from, what: { event: 'out-of-service' } },
    { at: to, what: { event: 'back-in-service' } },
  ],
}
