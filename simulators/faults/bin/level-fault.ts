/** The level sensor reports a fault, and a level of 0 that is not real. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const levelFault: Fault = {
  name: 'level-fault',
  ref: 'B8',
  deviceTypes: ['bin'],
  affects: 'device',
  duration: [2 * HOUR, 48 * HOUR],
  raiseWithin: 2 * MINUTE,
  alterTelemetry: (values) => ({ ...values, status: 'unknown', fillingLevel: 0, distance: 0 }),
}
