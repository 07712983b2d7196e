/** A mechanic works in the closed car between two floors, in inspection mode. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { atLanding, betweenFloors, leaving, occupied } from './car.ts'

export const inspectionStop: Fault = {
  name: 'inspection-stop',
  ref: 'E1',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [5 * MINUTE, 30 * MINUTE],
  raiseWithin: 0,
  leadIn: 10 * SECOND,
  leadOut: 20 * SECOND,
  reportEvery: 10 * SECOND,
  alterTelemetry(values, { elapsed, span }) {
    const sinceEnd = elapsed - (span.to - span.from)
    const inspected = { ...values, carMode: 'inspection' }
    if (elapsed < 0) return { ...inspected, ...atLanding, ...occupied }
    return sinceEnd < 0
      ? { ...inspected, ...betweenFloors, ...occupied }
      : { ...inspected, ...leaving(sinceEnd, 20 * SECOND) }
  },
}
