/** The level sensor is dead but still transmits: the same level for weeks, whatever the real one. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import { fill } from '../../devices/bin.ts'
import { hash32 } from '../../random.ts'
import type { Fault } from '../fault.ts'

export const levelStuck: Fault = {
  name: 'level-stuck',
  ref: 'B7',
  deviceTypes: ['bin'],
  affects: 'device',
  duration: [15 * DAY, 18 * DAY],
  // More than 14 days (domain.md B7).
  raiseWithin: 14 * DAY + 6 * HOUR,
  alterTelemetry: (values, { subject, span }) => ({
    ...values,
    ...fill(0.1 + (hash32(`${subject.id} ${span.from}`) % 50) / 100),
  }),
}
