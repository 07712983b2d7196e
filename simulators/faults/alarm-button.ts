/** Somebody in a standing car holds the alarm button down. */
import { MINUTE, SECOND } from '../devices/behaviour.ts'
import type { Fault } from './fault.ts'

export const alarmButton: Fault = {
  name: 'alarm-button',
  ref: 'E3',
  deviceTypes: ['elevator'],
  reach: 'device',
  // Shorter than the 180 s after which it would be an entrapment at a floor as well.
  lasts: [MINUTE, 2 * MINUTE],
  // A hold of 30 s passes the filter for presses on a normal trip (domain.md E3).
  raisedWithin: 45 * SECOND,
  every: 5 * SECOND,
  shape: (values) => ({
    ...values,
    carDriveStatus: 'stationary',
    carMovingDirection: 'stopped',
    carSpeed: 0,
    carDoorZone: true,
    carDoorStatus: 'closed',
    passengerPresence: true,
    passengerAlarm: true,
  }),
}
