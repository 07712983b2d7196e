/** The sun stands on a bin: 45 to 50 degrees in the end, a few an hour. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import { isAlways } from '../../devices/night.ts'
import type { Fault } from '../fault.ts'

const HOTTEST_C = 49
const KELVIN_A_MINUTE = 0.3

export const sunHeated: Fault = {
  name: 'sun-heated',
  ref: 'B4',
  decoy: true,
  deviceTypes: ['bin'],
  reach: 'device',
  lasts: [2 * HOUR, 5 * HOUR],
  raisedWithin: 0,
  every: 10 * MINUTE,
  shape(values, { elapsed, span }) {
    const usual = typeof values.temperature === 'number' ? values.temperature : 15
    const minutes = Math.min(elapsed, span.to - span.from - elapsed) / MINUTE
    const temperature = Math.min(HOTTEST_C, usual + minutes * KELVIN_A_MINUTE)
    return { ...values, temperature: Math.round(temperature * 10) / 10 }
  },
  visible: (span, subject) => isAlways(false, subject, span),
}
