/** Gas in the air of a kitchen during cooking: below the alarm level of the device. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const cooking: Fault = {
  name: 'cooking',
  ref: 'S2',
  decoy: true,
  deviceTypes: ['gas'],
  affects: 'device',
  duration: [20 * MINUTE, 50 * MINUTE],
  raiseWithin: 0,
  reportEvery: MINUTE,
  alterTelemetry: (values) => ({ ...values, gas: false, gas_value: 7.5 }),
}
