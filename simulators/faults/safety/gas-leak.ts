/** A gas leak: the concentration rises to the alarm level of the device. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const gasLeak: Fault = {
  name: 'gas-leak',
  ref: 'S2',
  deviceTypes: ['gas'],
  affects: 'device',
  duration: [3 * MINUTE, 20 * MINUTE],
  raiseWithin: 5 * SECOND,
  reportEvery: 30 * SECOND,
  alterTelemetry: (values, { elapsed }) => ({
    ...values,
    gas: true,
    gas_value: Math.min(30, 10 + elapsed / MINUTE),
    test: false,
  }),
}
