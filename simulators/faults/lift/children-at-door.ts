/** Children play with the light curtain at one stop. */
import { SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { landing, leaving, people } from './car.ts'

const TRY = 10 * SECOND

export const childrenAtDoor: Fault = {
  name: 'children-at-door',
  ref: 'E7',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [40 * SECOND, 100 * SECOND],
  raisedWithin: 0,
  tail: 10 * SECOND,
  every: 5 * SECOND,
  shape(values, { elapsed, span }) {
    const over = elapsed - (span.to - span.from)
    if (over >= 0) return { ...values, ...leaving(over, 10 * SECOND) }
    return { ...values, ...landing, ...people, doorReopens: Math.min(3, Math.floor(elapsed / TRY)) }
  },
}
