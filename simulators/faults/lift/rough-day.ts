/** Builders ride with wheelbarrows for a day. */
import { HOUR } from '../../devices/behaviour.ts'
import { rounded } from '../../random.ts'
import type { Fault } from '../fault.ts'
import { isMoving, withNumber } from './car.ts'

export const roughDay: Fault = {
  name: 'rough-day',
  ref: 'E10',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [20 * HOUR, 30 * HOUR],
  raiseWithin: 0,
  alterTelemetry: (values) =>
    isMoving(values) ? withNumber(values, 'vibrationRms', (rms) => rounded(1.35 * rms, 2)) : values,
}
