/** A lamp that is on by day because its relay sticks. */
import { MINUTE } from '../../devices/behaviour.ts'
import { isAlways } from '../../devices/night.ts'
import { metaNumber } from '../../subject.ts'
import type { Fault } from '../fault.ts'

export const dayBurner: Fault = {
  name: 'day-burner',
  ref: 'L1',
  deviceTypes: ['streetlight'],
  affects: 'device',
  duration: [45 * MINUTE, 3 * 60 * MINUTE],
  // 30 min with the sun up (domain.md L1), and one message.
  raiseWithin: 33 * MINUTE,
  reportEvery: 2 * MINUTE,
  alterTelemetry: (values, { subject }) => ({
    ...values,
    powerState: 'on',
    illuminanceLevel: 1,
    powerConsumption: metaNumber(subject, 'powerRating', 60),
    powerFactor: 0.96,
  }),
  isDetectable: (span, subject) =>
    isAlways(false, subject, { from: span.from - 30 * MINUTE, to: span.to + 30 * MINUTE }),
}
