/** A lift that is repaired by the next day, before the promised time. */
import { HOUR } from '../devices/behaviour.ts'
import type { Fault } from './fault.ts'

export const liftOutDay: Fault = {
  name: 'lift-out-day',
  ref: 'E14',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [10 * HOUR, 23 * HOUR],
  raisedWithin: 0,
  circumstance: 'out-of-service',
  shape: (values, { span }) => ({ ...values, estimatedReturn: Math.round((span.to + HOUR) / 1000) }),
  happenings: ({ from, to }) => [
    { at: from, what: { event: 'out-of-service' } },
    { at: to, what: { event: 'back-in-service' } },
  ],
}
