/** The fan of the motor has stopped: it stays warmer than it was by more than 20 K. */
import { DAY, HOUR, MINUTE } from '../../devices/behaviour.ts'
import { rounded } from '../../random.ts'
import type { Fault } from '../fault.ts'
import { bent } from './car.ts'

export const motorWarm: Fault = {
  name: 'motor-warm',
  ref: 'E11',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [3 * DAY, 5 * DAY],
  // A whole day 20 K over its own weeks (domain.md E11), judged at the end of it.
  raisedWithin: 48 * HOUR + 15 * MINUTE,
  learns: 15 * DAY,
  // It is over with the next normal day.
  again: 4 * DAY,
  shape: (values) => bent(values, 'motorTemperature', (degrees) => rounded(degrees + 26, 1)),
}
