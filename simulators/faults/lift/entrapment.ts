/** People shut in between two floors; they got in and the lift drove off before, and get out at a landing after. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { betweenFloors, landing, leaving, people, riding } from './car.ts'

const BOARDED = -5 * SECOND

export const entrapment: Fault = {
  name: 'entrapment',
  ref: 'E1',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [4 * MINUTE, 15 * MINUTE],
  // 45 s of standing still between floors (domain.md E1), and one message.
  raisedWithin: 50 * SECOND,
  lead: 10 * SECOND,
  tail: 15 * SECOND,
  every: 5 * SECOND,
  shape(values, { elapsed, span }) {
    const over = elapsed - (span.to - span.from)
    if (over >= 0) return { ...values, ...leaving(over, 10 * SECOND) }
    if (elapsed < BOARDED) return { ...values, ...landing, ...people }
    return { ...values, ...(elapsed < 0 ? riding : betweenFloors), ...people }
  },
}
