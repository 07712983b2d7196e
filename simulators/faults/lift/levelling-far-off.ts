/** A lift that stops so low that people trip. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isBusy, isStopped, withNumber } from './car.ts'

export const levellingFarOff: Fault = {
  name: 'levelling-far-off',
  ref: 'E6',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [HOUR, 4 * HOUR],
  // The first stop (domain.md E6).
  raiseWithin: 45 * MINUTE,
  alterTelemetry: (values) =>
    isStopped(values) ? withNumber(values, 'levellingError', (error) => error - 28) : values,
  isDetectable: isBusy,
}
