/** The other lift of the house is out: this one is never at rest. */
import { DAY, HOUR, MINUTE } from '../../devices/behaviour.ts'
import { isWeekend } from '../../devices/lift-traffic.ts'
import { localTimeOf } from '../../local-time.ts'
import type { Fault } from '../fault.ts'
import { isBusy } from './car.ts'

export const liftCrowded: Fault = {
  name: 'lift-crowded',
  ref: 'E12',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [6 * HOUR, 9 * HOUR],
  // An hour far above the same hour of other weeks (domain.md E12), judged at the end of it.
  raisedWithin: 5 * HOUR + 5 * MINUTE,
  learns: 15 * DAY,
  circumstance: 'crowded',
  // Of weekends too few are known after some weeks to tell a busy one from a lift that carries all.
  visible: (span, subject) =>
    isBusy(span, subject) && !isWeekend(localTimeOf(subject.timeZone)(span.from).day),
}
