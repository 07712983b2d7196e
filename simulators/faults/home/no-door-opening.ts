/** No door opening and no movement in a home for two days, while its sensors are alive. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const noDoorOpening: Fault = {
  name: 'no-door-opening',
  ref: 'H1',
  deviceTypes: ['door'],
  affects: 'home',
  duration: [50 * HOUR, 60 * HOUR],
  // 48 h after the last opening (domain.md H1), which is before the start.
  raiseWithin: 48 * HOUR + 10 * MINUTE,
  override: 'motionless',
}
