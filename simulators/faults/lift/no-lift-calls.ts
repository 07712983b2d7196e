/** Dead call buttons: the lift reports no problem and carries nobody. */
import { DAY, HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isBusy } from './car.ts'

export const noLiftCalls: Fault = {
  name: 'no-lift-calls',
  ref: 'E12',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [5 * HOUR, 9 * HOUR],
  // No trip in two full clock hours that usually have five (domain.md E12).
  raiseWithin: 4 * HOUR + 5 * MINUTE,
  minHistory: 15 * DAY,
  override: 'no-calls',
  isDetectable: isBusy,
}
