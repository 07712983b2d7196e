/** A machine whose bearings are going: every ride shakes it. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import { rounded } from '../../random.ts'
import type { Fault } from '../fault.ts'
import { bent, isBusy, isMoving } from './car.ts'

export const machineVibration: Fault = {
  name: 'machine-vibration',
  ref: 'E9',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [3 * HOUR, 9 * HOUR],
  // Zone C of ISO 10816-1 on 3 of 5 rides (domain.md E9).
  raisedWithin: 90 * MINUTE,
  shape: (values) =>
    isMoving(values) ? bent(values, 'vibrationRms', (rms) => rounded(Math.max(2, 2.4 * rms), 2)) : values,
  visible: isBusy,
}
