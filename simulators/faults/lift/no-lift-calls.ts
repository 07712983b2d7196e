/** The call buttons are dead: a lift that says nothing wrong and carries nobody. */
import { DAY, HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isBusy } from './car.ts'

export const noLiftCalls: Fault = {
  name: 'no-lift-calls',
  ref: 'E12',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [5 * HOUR, 9 * HOUR],
  // No trip in two hours that usually have five (domain.md E12): the first two that are whole by the clock.
  raisedWithin: 4 * HOUR + 5 * MINUTE,
  learns: 15 * DAY,
  circumstance: 'uncalled',
  visible: isBusy,
}
