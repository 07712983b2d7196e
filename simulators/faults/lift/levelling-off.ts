/** A lift that stops too high at every floor. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { bent, isBusy, isStopped } from './car.ts'

export const levellingOff: Fault = {
  name: 'levelling-off',
  ref: 'E6',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [2 * HOUR, 8 * HOUR],
  // 3 of the last 10 stops (domain.md E6).
  raisedWithin: 90 * MINUTE,
  shape: (values) => (isStopped(values) ? bent(values, 'levellingError', (error) => error + 15) : values),
  visible: isBusy,
}
