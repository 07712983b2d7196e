/** Many people get in at once: the car sinks and levels itself again with its door open. */
import { SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { atLanding, leaving, occupied } from './car.ts'

const CORRECTED_AFTER = 5 * SECOND

export const relevelling: Fault = {
  name: 'relevelling',
  ref: 'E6',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [10 * SECOND, 15 * SECOND],
  raiseWithin: 0,
  leadIn: 4 * SECOND,
  leadOut: 6 * SECOND,
  reportEvery: SECOND,
  alterTelemetry(values, { elapsed, span }) {
    const sinceEnd = elapsed - (span.to - span.from)
    if (sinceEnd >= 0) return { ...values, ...leaving(sinceEnd, 6 * SECOND) }
    const sunk = elapsed >= 0 && elapsed < CORRECTED_AFTER
    return { ...values, ...atLanding, ...occupied, ...(sunk && { carSpeed: 0.1, levellingError: -24 }) }
  },
}
