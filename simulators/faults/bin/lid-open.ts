/** The lid of a bin stands open. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const lidOpen: Fault = {
  name: 'lid-open',
  ref: 'B6',
  deviceTypes: ['bin'],
  reach: 'device',
  lasts: [75 * MINUTE, 6 * 60 * MINUTE],
  // More than 60 min (domain.md B6).
  raisedWithin: 62 * MINUTE,
  shape: (values) => ({ ...values, status: 'lidOpen' }),
}

/** Open while somebody clears out a cellar. */
export const lidOpenForAWhile: Fault = {
  name: 'lid-open-for-a-while',
  ref: 'B6',
  decoy: true,
  deviceTypes: ['bin'],
  reach: 'device',
  lasts: [15 * MINUTE, 50 * MINUTE],
  raisedWithin: 0,
  shape: (values) => ({ ...values, status: 'lidOpen' }),
}
