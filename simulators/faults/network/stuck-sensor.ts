/** A temperature sensor that died and still speaks: the value of the last day it lived. */
import { HOUR } from '../../devices/behaviour.ts'
import { hash32 } from '../../random.ts'
import type { Fault } from '../fault.ts'

export const stuckSensor: Fault = {
  name: 'stuck-sensor',
  ref: 'D5',
  deviceTypes: ['bin', 'streetlight'],
  reach: 'device',
  lasts: [30 * HOUR, 60 * HOUR],
  // A day, counted in steps of the time a value is believed.
  raisedWithin: 27 * HOUR,
  shape: (values, { span, subject }) => ({
    ...values,
    temperature: 5 + (hash32(`${subject.id} ${span.from}`) % 200) / 10,
  }),
}
