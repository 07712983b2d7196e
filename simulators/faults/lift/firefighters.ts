/** Firefighters keep the lift at a floor. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { atLanding, leaving, occupied, riding } from './car.ts'

const BOARDED = -10 * SECOND

export const firefighters: Fault = {
  name: 'firefighters',
  ref: 'E8',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [10 * MINUTE, 40 * MINUTE],
  raiseWithin: 0,
  leadIn: 20 * SECOND,
  leadOut: 10 * SECOND,
  reportEvery: 10 * SECOND,
  alterTelemetry(values, { elapsed, span }) {
    const sinceEnd = elapsed - (span.to - span.from)
    const controlled = { ...values, carMode: 'firefighter-control' }
    if (elapsed < 0) return { ...controlled, ...(elapsed < BOARDED ? atLanding : riding), ...occupied }
    return {
      ...controlled,
      ...(sinceEnd < 0 ? { ...atLanding, ...occupied } : leaving(sinceEnd, 10 * SECOND)),
    }
  },
}
