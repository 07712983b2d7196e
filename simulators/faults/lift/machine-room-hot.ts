/** The ventilation of the machine room has failed in summer. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const machineRoomHot: Fault = {
  name: 'machine-room-hot',
  ref: 'E11',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [HOUR, 6 * HOUR],
  // 40 degrees for 10 min (domain.md E11), and one message.
  raiseWithin: 12 * MINUTE,
  reportEvery: MINUTE,
  alterTelemetry: (values) => ({ ...values, machineRoomTemperature: 43.5 }),
}
