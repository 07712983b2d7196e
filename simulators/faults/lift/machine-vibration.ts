/** A machine with failing bearings: every ride vibrates. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import { rounded } from '../../random.ts'
import type { Fault } from '../fault.ts'
import { isBusy, isMoving, withNumber } from './car.ts'

export const machineVibration: Fault = {
  name: 'machine-vibration',
  ref: 'E9',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [3 * HOUR, 9 * HOUR],
  // Zone C of ISO 10816-1 on 3 of 5 rides (domain.md E9).
  raiseWithin: 90 * MINUTE,
  alterTelemetry: (values) =>
    isMoving(values)
      ? withNumber(values, 'vibrationRms', (rms) => rounded(Math.max(2, 2.4 * rms), 2))
      : values,
  isDetectable: isBusy,
}
