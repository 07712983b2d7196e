/** A bin in the sun: up to 49 degrees, but only a few tenths a minute. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import { isAlways } from '../../devices/night.ts'
import type { Fault } from '../fault.ts'

const MAX_C = 49
const KELVIN_PER_MINUTE = 0.3

export const sunHeated: Fault = {
  name: 'sun-heated',
  ref: 'B4',
  decoy: true,
  deviceTypes: ['bin'],
  affects: 'device',
  duration: [2 * HOUR, 5 * HOUR],
  raiseWithin: 0,
  reportEvery: 10 * MINUTE,
  alterTelemetry(values, { elapsed, span }) {
    const usual = typeof values.temperature === 'number' ? values.temperature : 15
    const minutes = Math.min(elapsed, span.to - span.from - elapsed) / MINUTE
    const temperature = Math.min(MAX_C, usual + minutes * KELVIN_PER_MINUTE)
    return { ...values, temperature: Math.round(temperature * 10) / 10 }
  },
  isDetectable: (span, subject) => isAlways(false, subject, span),
}
