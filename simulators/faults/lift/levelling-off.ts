/** A lift that stops too high at every floor. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isBusy, isStopped, withNumber } from './car.ts'

export const levellingOff: Fault = {
  name: 'levelling-off',
  ref: 'E6',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [2 * HOUR, 8 * HOUR],
  // 3 of the last 10 stops (domain.md E6).
  raiseWithin: 90 * MINUTE,
  alterTelemetry: (values) =>
    isStopped(values) ? withNumber(values, 'levellingError', (error) => error + 15) : values,
  isDetectable: isBusy,
}
