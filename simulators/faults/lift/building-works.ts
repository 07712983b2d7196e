/** Drilling next to the machine room while the lift is idle. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import { rounded } from '../../random.ts'
import type { Fault } from '../fault.ts'
import { isMoving, withNumber } from './car.ts'

export const buildingWorks: Fault = {
  name: 'building-works',
  ref: 'E9',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [20 * MINUTE, 2 * HOUR],
  raiseWithin: 0,
  alterTelemetry: (values) =>
    isMoving(values) ? values : withNumber(values, 'vibrationRms', (rms) => rounded(3 + 10 * rms, 2)),
}
