/** A dead temperature sensor that still transmits its last value. */
import { HOUR } from '../../devices/behaviour.ts'
import { hash32 } from '../../random.ts'
import type { Fault } from '../fault.ts'

export const stuckSensor: Fault = {
  name: 'stuck-sensor',
  ref: 'D5',
  deviceTypes: ['bin', 'streetlight'],
  affects: 'device',
  duration: [30 * HOUR, 60 * HOUR],
  // One day, counted in steps of maxAge.
  raiseWithin: 27 * HOUR,
  alterTelemetry: (values, { span, subject }) => ({
    ...values,
    temperature: 5 + (hash32(`${subject.id} ${span.from}`) % 200) / 10,
  }),
}
