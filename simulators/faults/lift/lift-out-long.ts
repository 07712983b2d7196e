/** A lift that waits for a spare part for more than a day. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const liftOutLong: Fault = {
  name: 'lift-out-long',
  ref: 'E14',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [26 * HOUR, 60 * HOUR],
  // 24 h (domain.md E14), and one message.
  raiseWithin: 24 * HOUR + 5 * MINUTE,
  override: 'out-of-service',
  events: ({ from, to }) => [
    { at: from, action: { event: 'out-of-service' } },
    { at: to, action: { event: 'back-in-service' } },
  ],
}
