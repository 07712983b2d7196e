/** Gas in the air of a kitchen while somebody cooks: below where the device alarms. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const cooking: Fault = {
  name: 'cooking',
  ref: 'S2',
  decoy: true,
  deviceTypes: ['gas'],
  reach: 'device',
  lasts: [20 * MINUTE, 50 * MINUTE],
  raisedWithin: 0,
  every: MINUTE,
  shape: (values) => ({ ...values, gas: false, gas_value: 7.5 }),
}
