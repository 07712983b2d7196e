/** A loose wire: the converter sends what cannot be measured. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const nonsense: Fault = {
  name: 'nonsense',
  ref: 'D6',
  deviceTypes: ['bin', 'streetlight', 'elevator'],
  reach: 'device',
  lasts: [HOUR, 4 * HOUR],
  raisedWithin: 32 * MINUTE,
  every: 6 * MINUTE,
  shape(values) {
    const field = 'motorTemperature' in values ? 'motorTemperature' : 'temperature'
    return { ...values, [field]: 65_535 }
  },
}
