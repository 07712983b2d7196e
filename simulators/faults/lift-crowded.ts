/** The other lift of the house is out: this one makes four times its trips. */
import { DAY, HOUR, MINUTE } from '../devices/behaviour.ts'
import { isBusy } from './car.ts'
import type { Fault } from './fault.ts'

export const liftCrowded: Fault = {
  name: 'lift-crowded',
  ref: 'E12',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [5 * HOUR, 9 * HOUR],
  // An hour far above the same hour of other weeks (domain.md E12), judged at the end of it.
  raisedWithin: 3 * HOUR + 10 * MINUTE,
  learns: 15 * DAY,
  circumstance: 'crowded',
  visible: isBusy,
}
