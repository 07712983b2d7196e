/** A lift that is still out at the time that was promised. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

const PROMISED = 4 * HOUR

export const liftPromiseBroken: Fault = {
  name: 'lift-promise-broken',
  ref: 'E14',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [5 * HOUR, 12 * HOUR],
  // The promised time (domain.md E14), and one message.
  raisedWithin: PROMISED + 5 * MINUTE,
  circumstance: 'out-of-service',
  shape: (values, { span }) => ({ ...values, estimatedReturn: Math.round((span.from + PROMISED) / 1000) }),
  happenings: ({ from, to }) => [
    { at: from, what: { event: 'out-of-service' } },
    { at: to, what: { event: 'back-in-service' } },
  ],
}
