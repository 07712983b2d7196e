/** Somebody drills beside the machine room while the lift stands still. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import { rounded } from '../../random.ts'
import type { Fault } from '../fault.ts'
import { bent, isMoving } from './car.ts'

export const buildingWorks: Fault = {
  name: 'building-works',
  ref: 'E9',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [20 * MINUTE, 2 * HOUR],
  raisedWithin: 0,
  shape: (values) =>
    isMoving(values) ? values : bent(values, 'vibrationRms', (rms) => rounded(3 + 10 * rms, 2)),
}
