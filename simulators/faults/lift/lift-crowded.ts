/** The other lift of the building is out of service: this one is never idle. */
import { DAY, HOUR, MINUTE } from '../../devices/behaviour.ts'
import { isWeekend } from '../../devices/lift-traffic.ts'
import { localTimeOf } from '../../local-time.ts'
import type { Fault } from '../fault.ts'
import { isBusy } from './car.ts'

export const liftCrowded: Fault = {
  name: 'lift-crowded',
  ref: 'E12',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [6 * HOUR, 9 * HOUR],
  // An hour far above the same hour of other weeks (domain.md E12), evaluated at its end.
  raiseWithin: 5 * HOUR + 5 * MINUTE,
  minHistory: 15 * DAY,
  override: 'crowded',
  // After some weeks there are too few weekends for a baseline.
  isDetectable: (span, subject) =>
    isBusy(span, subject) && !isWeekend(localTimeOf(subject.timeZone)(span.from).day),
}
