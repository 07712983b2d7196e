/** Builders ride with their barrows for a day. */
import { HOUR } from '../../devices/behaviour.ts'
import { rounded } from '../../random.ts'
import type { Fault } from '../fault.ts'
import { bent, isMoving } from './car.ts'

export const roughDay: Fault = {
  name: 'rough-day',
  ref: 'E10',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [20 * HOUR, 30 * HOUR],
  raisedWithin: 0,
  shape: (values) =>
    isMoving(values) ? bent(values, 'vibrationRms', (rms) => rounded(1.35 * rms, 2)) : values,
}
