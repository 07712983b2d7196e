/** A mechanic moves the car slowly with its door open, in inspection mode. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { atLanding, leaving, occupied, riding } from './car.ts'

export const inspectionRun: Fault = {
  name: 'inspection-run',
  ref: 'E5',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [MINUTE, 5 * MINUTE],
  raiseWithin: 0,
  leadIn: 10 * SECOND,
  leadOut: 20 * SECOND,
  reportEvery: 2 * SECOND,
  alterTelemetry(values, { elapsed, span }) {
    const sinceEnd = elapsed - (span.to - span.from)
    const inspected = { ...values, carMode: 'inspection' }
    if (elapsed < 0) return { ...inspected, ...atLanding, ...occupied }
    if (sinceEnd >= 0) return { ...inspected, ...leaving(sinceEnd, 20 * SECOND) }
    return { ...inspected, ...riding, ...occupied, carDoorStatus: 'opened', carSpeed: 0.5 }
  },
}
