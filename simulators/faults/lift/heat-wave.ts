/** Some very hot days: all temperatures rise, but nothing is broken. */
import { DAY } from '../../devices/behaviour.ts'
import { rounded } from '../../random.ts'
import type { Fault } from '../fault.ts'
import { withNumber } from './car.ts'

export const heatWave: Fault = {
  name: 'heat-wave',
  ref: 'E11',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [3 * DAY, 6 * DAY],
  raiseWithin: 0,
  alterTelemetry: (values) =>
    withNumber(
      withNumber(values, 'machineRoomTemperature', (degrees) => rounded(degrees + 8, 1)),
      'motorTemperature',
      (degrees) => rounded(degrees + 11, 1),
    ),
}
