/** An entrance door that stands open. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const doorLeftOpen: Fault = {
  name: 'door-left-open',
  ref: 'H9',
  deviceTypes: ['door'],
  reach: 'device',
  lasts: [15 * MINUTE, 40 * MINUTE],
  // Open for more than 10 min (domain.md H9).
  raisedWithin: 11 * MINUTE,
  circumstance: 'held-open',
  visible: (_, subject) => subject.meta.role === 'entrance',
}
