/** A battery near its end, changed in the end. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const lowBattery: Fault = {
  name: 'low-battery',
  ref: 'D2',
  deviceTypes: ['bin', 'door', 'motion'],
  reach: 'device',
  lasts: [HOUR, 12 * HOUR],
  raisedWithin: 2 * MINUTE,
  every: 30 * MINUTE,
  shape: (values) => ({ ...values, batteryLevel: 0.15 }),
}
