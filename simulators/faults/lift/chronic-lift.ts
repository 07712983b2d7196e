/** A lift that breaks down every day or two and is patched up each time. */
import { DAY, HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const chronicLift: Fault = {
  name: 'chronic-lift',
  ref: 'E15',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [5 * DAY, 8 * DAY],
  // The fourth outage (domain.md E15); they are 32 h apart.
  raisedWithin: 3 * 32 * HOUR + 5 * MINUTE,
  // What goes on within 30 days is the same alert.
  again: 31 * DAY,
  circumstance: 'breaking-down',
}
