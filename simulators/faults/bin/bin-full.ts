/** An overflowing bin: the collection does not come. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import { fill } from '../../devices/bin.ts'
import type { Fault } from '../fault.ts'

export const binFull: Fault = {
  name: 'bin-full',
  ref: 'B1',
  deviceTypes: ['bin'],
  affects: 'device',
  duration: [HOUR, 6 * HOUR],
  raiseWithin: 2 * MINUTE,
  reportEvery: 15 * MINUTE,
  override: 'uncollected',
  alterTelemetry: (values) => ({ ...values, ...fill(0.97), cargoWeight: 31 }),
}
