/** A lift that breaks down every day or two and is patched up each time. */
import { DAY, MINUTE } from '../devices/behaviour.ts'
import type { Fault } from './fault.ts'
import { duringOutages, outageEvents } from './outages.ts'

export const chronicLift: Fault = {
  name: 'chronic-lift',
  ref: 'E15',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [5 * DAY, 8 * DAY],
  // The fourth outage of five (domain.md E15).
  raisedWithin: 4.8 * DAY + 5 * MINUTE,
  every: 10 * MINUTE,
  shape: (values, { elapsed, span }) => duringOutages(values, span, elapsed),
  happenings: (span) => outageEvents(span, 'out-of-service'),
}
