/** A battery near its end, replaced at the end. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const lowBattery: Fault = {
  name: 'low-battery',
  ref: 'D2',
  deviceTypes: ['bin', 'door', 'motion'],
  affects: 'device',
  duration: [HOUR, 12 * HOUR],
  raiseWithin: 2 * MINUTE,
  reportEvery: 30 * MINUTE,
  alterTelemetry: (values) => ({ ...values, batteryLevel: 0.15 }),
}
