/** Rides that have become rougher than this lift ever was. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import { rounded } from '../../random.ts'
import type { Fault } from '../fault.ts'
import { bent, isMoving } from './car.ts'

export const roughRide: Fault = {
  name: 'rough-ride',
  ref: 'E10',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [5 * DAY, 8 * DAY],
  // Three whole days (domain.md E10) after the one in which it began; the fourth is over with the next day's first ride.
  raisedWithin: 4 * DAY + 8 * HOUR,
  learns: 15 * DAY,
  // It is over with the next normal day.
  again: 4 * DAY,
  shape: (values) =>
    isMoving(values) ? bent(values, 'vibrationRms', (rms) => rounded(1.35 * rms, 2)) : values,
}
