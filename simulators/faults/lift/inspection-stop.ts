/** A mechanic stands in the closed car between two floors, in inspection mode. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { betweenFloors, landing, leaving, people } from './car.ts'

export const inspectionStop: Fault = {
  name: 'inspection-stop',
  ref: 'E1',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [5 * MINUTE, 30 * MINUTE],
  raisedWithin: 0,
  lead: 10 * SECOND,
  tail: 20 * SECOND,
  every: 10 * SECOND,
  shape(values, { elapsed, span }) {
    const over = elapsed - (span.to - span.from)
    const inspected = { ...values, carMode: 'inspection' }
    if (elapsed < 0) return { ...inspected, ...landing, ...people }
    return over < 0
      ? { ...inspected, ...betweenFloors, ...people }
      : { ...inspected, ...leaving(over, 20 * SECOND) }
  },
}
