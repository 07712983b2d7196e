/** Planned works: the lift is out of service and back by the next day, before the promised time. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const liftOutDay: Fault = {
  name: 'lift-out-day',
  ref: 'E14',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [10 * HOUR, 23 * HOUR],
  raiseWithin: 0,
  override: 'out-of-service',
  alterTelemetry: (values, { span }) => ({ ...values, estimatedReturn: Math.round((span.to + HOUR) / 1000) }),
  events: ({ from, to }) => [
    { at: from - MINUTE, action: { event: 'planned-outage' } },
    { at: to, action: { event: 'back-in-service' } },
  ],
}
