/** A bin lies on its side, and says so. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const binTipped: Fault = {
  name: 'bin-tipped',
  ref: 'B5',
  deviceTypes: ['bin'],
  reach: 'device',
  lasts: [HOUR, 6 * HOUR],
  raisedWithin: 2 * MINUTE,
  shape: (values) => ({ ...values, position: 'tilt', status: 'dropped' }),
}

/** Its sensor knows the tilt alone. */
export const binTilted: Fault = {
  name: 'bin-tilted',
  ref: 'B5',
  deviceTypes: ['bin'],
  reach: 'device',
  lasts: [HOUR, 6 * HOUR],
  // Two readings (domain.md B5), a quarter of an hour apart.
  raisedWithin: 17 * MINUTE,
  shape: (values) => ({ ...values, position: 'tilt' }),
}

/** It is tilted while it is emptied, for one reading. */
export const tiltedForEmptying: Fault = {
  name: 'tilted-for-emptying',
  ref: 'B5',
  decoy: true,
  deviceTypes: ['bin'],
  reach: 'device',
  lasts: [MINUTE, 2 * MINUTE],
  raisedWithin: 0,
  shape: (values) => ({ ...values, position: 'tilt' }),
}
