/** A dragging brake overheats the motor. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const motorOverheated: Fault = {
  name: 'motor-overheated',
  ref: 'E11',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [20 * MINUTE, 2 * HOUR],
  // 90 degrees for 2 min (domain.md E11), and one message.
  raiseWithin: 3 * MINUTE,
  reportEvery: MINUTE,
  alterTelemetry: (values) => ({ ...values, motorTemperature: 94 }),
}
