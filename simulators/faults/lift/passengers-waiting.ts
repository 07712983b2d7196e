/** Passengers wait in the car for others and open the door again and again. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { atLanding, leaving, occupied } from './car.ts'

const CYCLE = 150 * SECOND
const CLOSED_FOR = 110 * SECOND

export const passengersWaiting: Fault = {
  name: 'passengers-waiting',
  ref: 'E2',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [5 * MINUTE, 12 * MINUTE],
  raiseWithin: 0,
  leadIn: 10 * SECOND,
  leadOut: 10 * SECOND,
  reportEvery: 5 * SECOND,
  alterTelemetry(values, { elapsed, span }) {
    const sinceEnd = elapsed - (span.to - span.from)
    if (sinceEnd >= 0) return { ...values, ...leaving(sinceEnd, 10 * SECOND) }
    const closed = elapsed >= 0 && elapsed % CYCLE < CLOSED_FOR
    return { ...values, ...atLanding, ...occupied, ...(closed && { carDoorStatus: 'closed' }) }
  },
}
