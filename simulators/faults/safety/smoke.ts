/** Something burns in a home. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const smoke: Fault = {
  name: 'smoke',
  ref: 'S1',
  deviceTypes: ['smoke'],
  reach: 'device',
  lasts: [3 * MINUTE, 20 * MINUTE],
  raisedWithin: 5 * SECOND,
  every: 30 * SECOND,
  shape: (values) => ({ ...values, smoke: true, smoke_density: 0.4, test: false }),
}
