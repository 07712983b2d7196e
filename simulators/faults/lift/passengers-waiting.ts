/** People wait in the car for others and open the door again and again. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { landing, leaving, people } from './car.ts'

const CYCLE = 150 * SECOND
const SHUT = 110 * SECOND

export const passengersWaiting: Fault = {
  name: 'passengers-waiting',
  ref: 'E2',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [5 * MINUTE, 12 * MINUTE],
  raisedWithin: 0,
  lead: 10 * SECOND,
  tail: 10 * SECOND,
  every: 5 * SECOND,
  shape(values, { elapsed, span }) {
    const over = elapsed - (span.to - span.from)
    if (over >= 0) return { ...values, ...leaving(over, 10 * SECOND) }
    const closed = elapsed >= 0 && elapsed % CYCLE < SHUT
    return { ...values, ...landing, ...people, ...(closed && { carDoorStatus: 'closed' }) }
  },
}
