/** A burning bin: the lid sensor heats up fast and reports every 15 s. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

const INITIAL_RISE_K = 25
const MAX_C = 95

export const binFire: Fault = {
  name: 'bin-fire',
  ref: 'B4',
  deviceTypes: ['bin'],
  affects: 'device',
  duration: [5 * MINUTE, 20 * MINUTE],
  // Reaches 60 degrees within 45 s (domain.md B4).
  raiseWithin: MINUTE,
  reportEvery: 15 * SECOND,
  alterTelemetry(values, { elapsed }) {
    const usual = typeof values.temperature === 'number' ? values.temperature : 15
    const temperature = Math.min(MAX_C, usual + INITIAL_RISE_K + elapsed / SECOND)
    return { ...values, temperature: Math.round(temperature * 10) / 10 }
  },
}
