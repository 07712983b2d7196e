/** People trapped between two floors; they board and depart before it, and get out at a landing after it. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { atLanding, betweenFloors, leaving, occupied, riding } from './car.ts'

const BOARDED = -5 * SECOND

export const entrapment: Fault = {
  name: 'entrapment',
  ref: 'E1',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [4 * MINUTE, 15 * MINUTE],
  // 45 s without movement between floors (domain.md E1), and one message.
  raiseWithin: 50 * SECOND,
  leadIn: 10 * SECOND,
  leadOut: 15 * SECOND,
  reportEvery: 5 * SECOND,
  alterTelemetry(values, { elapsed, span }) {
    const sinceEnd = elapsed - (span.to - span.from)
    if (sinceEnd >= 0) return { ...values, ...leaving(sinceEnd, 10 * SECOND) }
    if (elapsed < BOARDED) return { ...values, ...atLanding, ...occupied }
    return { ...values, ...(elapsed < 0 ? riding : betweenFloors), ...occupied }
  },
}
