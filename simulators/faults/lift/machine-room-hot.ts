/** The ventilation of the machine room has failed in summer. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const machineRoomHot: Fault = {
  name: 'machine-room-hot',
  ref: 'E11',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [HOUR, 6 * HOUR],
  // 40 degrees for 10 min (domain.md E11), and one message.
  raisedWithin: 12 * MINUTE,
  every: MINUTE,
  shape: (values) => ({ ...values, machineRoomTemperature: 43.5 }),
}
