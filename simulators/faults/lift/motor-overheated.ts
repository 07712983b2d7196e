/** The brake drags: the motor is too hot to touch. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const motorOverheated: Fault = {
  name: 'motor-overheated',
  ref: 'E11',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [20 * MINUTE, 2 * HOUR],
  // 90 degrees for 2 min (domain.md E11), and one message.
  raisedWithin: 3 * MINUTE,
  every: MINUTE,
  shape: (values) => ({ ...values, motorTemperature: 94 }),
}
