/** A lift that stops so low that people trip. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { bent, isBusy, isStopped } from './car.ts'

export const levellingFarOff: Fault = {
  name: 'levelling-far-off',
  ref: 'E6',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [HOUR, 4 * HOUR],
  // The first stop (domain.md E6).
  raisedWithin: 45 * MINUTE,
  shape: (values) => (isStopped(values) ? bent(values, 'levellingError', (error) => error - 28) : values),
  visible: isBusy,
}
