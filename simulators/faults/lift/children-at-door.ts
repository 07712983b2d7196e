/** Children play with the light curtain at one stop. */
import { SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { atLanding, leaving, occupied } from './car.ts'

const REOPEN_EVERY = 10 * SECOND

export const childrenAtDoor: Fault = {
  name: 'children-at-door',
  ref: 'E7',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [40 * SECOND, 100 * SECOND],
  raiseWithin: 0,
  leadOut: 10 * SECOND,
  reportEvery: 5 * SECOND,
  alterTelemetry(values, { elapsed, span }) {
    const sinceEnd = elapsed - (span.to - span.from)
    if (sinceEnd >= 0) return { ...values, ...leaving(sinceEnd, 10 * SECOND) }
    return {
      ...values,
      ...atLanding,
      ...occupied,
      doorReopens: Math.min(3, Math.floor(elapsed / REOPEN_EVERY)),
    }
  },
}
