/** Many people get in at once: the car sinks and levels itself again, its door open. */
import { SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { landing, leaving, people } from './car.ts'

const CORRECTED = 5 * SECOND

export const relevelling: Fault = {
  name: 'relevelling',
  ref: 'E6',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [10 * SECOND, 15 * SECOND],
  raisedWithin: 0,
  lead: 4 * SECOND,
  tail: 6 * SECOND,
  every: SECOND,
  shape(values, { elapsed, span }) {
    const over = elapsed - (span.to - span.from)
    if (over >= 0) return { ...values, ...leaving(over, 6 * SECOND) }
    const sunk = elapsed >= 0 && elapsed < CORRECTED
    return { ...values, ...landing, ...people, ...(sunk && { carSpeed: 0.1, levellingError: -24 }) }
  },
}
