/** A bag covers the level sensor of a bin for one reading: it looks full, but is not. */
import { MINUTE } from '../../devices/behaviour.ts'
import { fill } from '../../devices/bin.ts'
import type { Fault } from '../fault.ts'

export const bagOnSensor: Fault = {
  name: 'bag-on-sensor',
  ref: 'B1',
  decoy: true,
  deviceTypes: ['bin'],
  affects: 'device',
  duration: [MINUTE, 3 * MINUTE],
  raiseWithin: 0,
  alterTelemetry: (values) =>
    Number(values.fillingLevel) <= 0.45 ? { ...values, ...fill(Number(values.fillingLevel) + 0.55) } : values,
}
