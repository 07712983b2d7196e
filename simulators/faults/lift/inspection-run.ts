/** A mechanic moves the car slowly with its door open, in inspection mode. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { landing, leaving, people, riding } from './car.ts'

export const inspectionRun: Fault = {
  name: 'inspection-run',
  ref: 'E5',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [MINUTE, 5 * MINUTE],
  raisedWithin: 0,
  lead: 10 * SECOND,
  tail: 20 * SECOND,
  every: 2 * SECOND,
  shape(values, { elapsed, span }) {
    const over = elapsed - (span.to - span.from)
    const inspected = { ...values, carMode: 'inspection' }
    if (elapsed < 0) return { ...inspected, ...landing, ...people }
    if (over >= 0) return { ...inspected, ...leaving(over, 20 * SECOND) }
    return { ...inspected, ...riding, ...people, carDoorStatus: 'opened', carSpeed: 0.5 }
  },
}
