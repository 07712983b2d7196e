/** People in a car that has come to a floor and does not open its door. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { landing, leaving, people } from './car.ts'

export const entrapmentAtFloor: Fault = {
  name: 'entrapment-at-floor',
  ref: 'E2',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [6 * MINUTE, 15 * MINUTE],
  // 180 s behind a closed door (domain.md E2), and one message.
  raisedWithin: 190 * SECOND,
  lead: 10 * SECOND,
  tail: 10 * SECOND,
  every: 5 * SECOND,
  shape(values, { elapsed, span }) {
    const over = elapsed - (span.to - span.from)
    if (over >= 0) return { ...values, ...leaving(over, 10 * SECOND) }
    if (elapsed < 0) return { ...values, ...landing, ...people }
    return { ...values, ...landing, ...people, carDoorStatus: 'closed' }
  },
}
