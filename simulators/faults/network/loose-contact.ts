/** The wire of a temperature sensor has a loose contact: every few minutes it is far off. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

const PERIOD = 4 * MINUTE
const OFF_K = 45

export const looseContact: Fault = {
  name: 'loose-contact',
  ref: 'D6',
  deviceTypes: ['streetlight'],
  reach: 'device',
  lasts: [HOUR, 3 * HOUR],
  // Four jumps of which the way back is not counted.
  raisedWithin: 40 * MINUTE,
  every: PERIOD / 2,
  shape(values, { elapsed }) {
    const { temperature } = values
    if (typeof temperature !== 'number' || Math.floor(elapsed / PERIOD) % 2 === 0) return values
    return { ...values, temperature: temperature + OFF_K }
  },
}
