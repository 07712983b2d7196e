/** A burner that went out, or a leak: gas rises to where the device alarms. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const gasLeak: Fault = {
  name: 'gas-leak',
  ref: 'S2',
  deviceTypes: ['gas'],
  reach: 'device',
  lasts: [3 * MINUTE, 20 * MINUTE],
  raisedWithin: 5 * SECOND,
  every: 30 * SECOND,
  shape: (values, { elapsed }) => ({
    ...values,
    gas: true,
    gas_value: Math.min(30, 10 + elapsed / MINUTE),
    test: false,
  }),
}
