/** An entrance door left open. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const doorLeftOpen: Fault = {
  name: 'door-left-open',
  ref: 'H9',
  deviceTypes: ['door'],
  affects: 'device',
  duration: [15 * MINUTE, 40 * MINUTE],
  // Open for more than 10 min (domain.md H9).
  raiseWithin: 11 * MINUTE,
  override: 'kept-open',
  isDetectable: (_, subject) => subject.meta.role === 'entrance',
}
