/** A lift that is still out of service at the promised time of return. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

const PROMISED = 4 * HOUR

export const liftPromiseBroken: Fault = {
  name: 'lift-promise-broken',
  ref: 'E14',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [5 * HOUR, 12 * HOUR],
  // The promised time (domain.md E14), and one message.
  raiseWithin: PROMISED + 5 * MINUTE,
  override: 'out-of-service',
  alterTelemetry: (values, { span }) => ({
    ...values,
    estimatedReturn: Math.round((span.from + PROMISED) / 1000),
  }),
  events: ({ from, to }) => [
    { at: from, action: { event: 'out-of-service' } },
    { at: to, action: { event: 'back-in-service' } },
  ],
}
