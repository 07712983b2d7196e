/** The door switch bounces on a ride: the car stops between floors and continues by itself. */
import { SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { atLanding, betweenFloors, leaving, occupied, riding } from './car.ts'

export const briefStop: Fault = {
  name: 'brief-stop',
  ref: 'E1',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [20 * SECOND, 38 * SECOND],
  raiseWithin: 0,
  leadIn: 10 * SECOND,
  leadOut: 20 * SECOND,
  reportEvery: 2 * SECOND,
  alterTelemetry(values, { elapsed, span }) {
    const sinceEnd = elapsed - (span.to - span.from)
    if (elapsed < -5 * SECOND) return { ...values, ...atLanding, ...occupied }
    if (elapsed < 0 || (sinceEnd >= 0 && sinceEnd < 10 * SECOND)) return { ...values, ...riding, ...occupied }
    return {
      ...values,
      ...(sinceEnd < 0 ? { ...betweenFloors, ...occupied } : leaving(sinceEnd - 10 * SECOND, 10 * SECOND)),
    }
  },
}
