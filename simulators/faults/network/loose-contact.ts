/** A loose contact of a temperature sensor: far off every few minutes. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

const PERIOD = 4 * MINUTE
const OFF_K = 45

export const looseContact: Fault = {
  name: 'loose-contact',
  ref: 'D6',
  deviceTypes: ['streetlight'],
  affects: 'device',
  duration: [HOUR, 3 * HOUR],
  // Four jumps; the jumps back do not count.
  raiseWithin: 40 * MINUTE,
  reportEvery: PERIOD / 2,
  alterTelemetry(values, { elapsed }) {
    const { temperature } = values
    if (typeof temperature !== 'number' || Math.floor(elapsed / PERIOD) % 2 === 0) return values
    return { ...values, temperature: temperature + OFF_K }
  },
}
