/** Rides that have become rougher than this lift ever was. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import { rounded } from '../../random.ts'
import type { Fault } from '../fault.ts'
import { isMoving, withNumber } from './car.ts'

export const roughRide: Fault = {
  name: 'rough-ride',
  ref: 'E10',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [5 * DAY, 8 * DAY],
  // Three whole days (domain.md E10) after the day of the start; evaluated with the first ride of the next day.
  raiseWithin: 4 * DAY + 8 * HOUR,
  minHistory: 15 * DAY,
  // The alert clears with the next normal day.
  minRepeatGap: 4 * DAY,
  alterTelemetry: (values) =>
    isMoving(values) ? withNumber(values, 'vibrationRms', (rms) => rounded(1.35 * rms, 2)) : values,
}
