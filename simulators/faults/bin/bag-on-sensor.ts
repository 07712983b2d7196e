/** A bag lies on the sensor of a bin for one reading: it looks full, and is not. */
import { MINUTE } from '../../devices/behaviour.ts'
import { fill } from '../../devices/bin.ts'
import type { Fault } from '../fault.ts'

export const bagOnSensor: Fault = {
  name: 'bag-on-sensor',
  ref: 'B1',
  decoy: true,
  deviceTypes: ['bin'],
  reach: 'device',
  lasts: [MINUTE, 3 * MINUTE],
  raisedWithin: 0,
  shape: (values) =>
    Number(values.fillingLevel) <= 0.45 ? { ...values, ...fill(Number(values.fillingLevel) + 0.55) } : values,
}
