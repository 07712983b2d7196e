/** Some very hot days: everything is warmer, and nothing is broken. */
import { DAY } from '../../devices/behaviour.ts'
import { rounded } from '../../random.ts'
import type { Fault } from '../fault.ts'
import { bent } from './car.ts'

export const heatWave: Fault = {
  name: 'heat-wave',
  ref: 'E11',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [3 * DAY, 6 * DAY],
  raisedWithin: 0,
  shape: (values) =>
    bent(
      bent(values, 'machineRoomTemperature', (degrees) => rounded(degrees + 8, 1)),
      'motorTemperature',
      (degrees) => rounded(degrees + 11, 1),
    ),
}
