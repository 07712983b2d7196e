/** A bin burns: the sensor in the lid warms up fast and reports every 15 s. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

const KELVIN_AT_FIRST = 25
const HOTTEST_C = 95

export const binFire: Fault = {
  name: 'bin-fire',
  ref: 'B4',
  deviceTypes: ['bin'],
  reach: 'device',
  lasts: [5 * MINUTE, 20 * MINUTE],
  // 60 degrees are reached after 45 s at the latest (domain.md B4).
  raisedWithin: MINUTE,
  every: 15 * SECOND,
  shape(values, { elapsed }) {
    const usual = typeof values.temperature === 'number' ? values.temperature : 15
    const temperature = Math.min(HOTTEST_C, usual + KELVIN_AT_FIRST + elapsed / SECOND)
    return { ...values, temperature: Math.round(temperature * 10) / 10 }
  },
}
