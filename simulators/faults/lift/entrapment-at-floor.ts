/** People in a car that has reached a floor but does not open its door. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { atLanding, leaving, occupied } from './car.ts'

export const entrapmentAtFloor: Fault = {
  name: 'entrapment-at-floor',
  ref: 'E2',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [6 * MINUTE, 15 * MINUTE],
  // 180 s behind a closed door (domain.md E2), and one message.
  raiseWithin: 190 * SECOND,
  leadIn: 10 * SECOND,
  leadOut: 10 * SECOND,
  reportEvery: 5 * SECOND,
  alterTelemetry(values, { elapsed, span }) {
    const sinceEnd = elapsed - (span.to - span.from)
    if (sinceEnd >= 0) return { ...values, ...leaving(sinceEnd, 10 * SECOND) }
    if (elapsed < 0) return { ...values, ...atLanding, ...occupied }
    return { ...values, ...atLanding, ...occupied, carDoorStatus: 'closed' }
  },
}
