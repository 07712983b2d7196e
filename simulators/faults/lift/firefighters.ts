/** Firefighters hold the lift at a floor. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { landing, leaving, people, riding } from './car.ts'

const BOARDED = -10 * SECOND

export const firefighters: Fault = {
  name: 'firefighters',
  ref: 'E8',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [10 * MINUTE, 40 * MINUTE],
  raisedWithin: 0,
  lead: 20 * SECOND,
  tail: 10 * SECOND,
  every: 10 * SECOND,
  shape(values, { elapsed, span }) {
    const over = elapsed - (span.to - span.from)
    const taken = { ...values, carMode: 'firefighter-control' }
    if (elapsed < 0) return { ...taken, ...(elapsed < BOARDED ? landing : riding), ...people }
    return { ...taken, ...(over < 0 ? { ...landing, ...people } : leaving(over, 10 * SECOND)) }
  },
}
