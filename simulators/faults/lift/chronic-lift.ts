/** A lift that breaks down every day or two and is provisionally repaired each time. */
import { DAY, HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const chronicLift: Fault = {
  name: 'chronic-lift',
  ref: 'E15',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [5 * DAY, 8 * DAY],
  // The fourth outage (domain.md E15); they are 32 h apart.
  raiseWithin: 3 * 32 * HOUR + 5 * MINUTE,
  // Outages within 30 days belong to the same alert.
  minRepeatGap: 31 * DAY,
  override: 'breaking-down',
}
