/** A bin that runs over: the round does not come. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import { fill } from '../../devices/bin.ts'
import type { Fault } from '../fault.ts'

export const binFull: Fault = {
  name: 'bin-full',
  ref: 'B1',
  deviceTypes: ['bin'],
  reach: 'device',
  lasts: [HOUR, 6 * HOUR],
  raisedWithin: 2 * MINUTE,
  every: 15 * MINUTE,
  circumstance: 'uncollected',
  shape: (values) => ({ ...values, ...fill(0.97), cargoWeight: 31 }),
}
