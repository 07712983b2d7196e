/** A lift that is taken out for planned work and is back by the next day, before the promised time. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

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
    { at: from - MINUTE, what: { event: 'planned-outage' } },
    { at: to, what: { event: 'back-in-service' } },
  ],
}
