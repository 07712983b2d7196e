/** A loose wire: the converter sends impossible values. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const nonsense: Fault = {
  name: 'nonsense',
  ref: 'D6',
  deviceTypes: ['bin', 'streetlight', 'elevator'],
  affects: 'device',
  duration: [HOUR, 4 * HOUR],
  raiseWithin: 32 * MINUTE,
  reportEvery: 6 * MINUTE,
  alterTelemetry(values) {
    const field = 'motorTemperature' in values ? 'motorTemperature' : 'temperature'
    return { ...values, [field]: 65_535 }
  },
}
