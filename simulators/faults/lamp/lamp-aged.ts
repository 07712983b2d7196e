/** A lamp near its maximum operating hours; it is replaced at the end. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import { metaNumber } from '../../subject.ts'
import type { Fault } from '../fault.ts'

export const lampAged: Fault = {
  name: 'lamp-aged',
  ref: 'L7',
  deviceTypes: ['streetlight'],
  affects: 'device',
  duration: [6 * HOUR, 48 * HOUR],
  raiseWithin: 6 * MINUTE,
  alterTelemetry: (values, { subject, elapsed }) => ({
    ...values,
    operatingHours: Math.round(0.93 * metaNumber(subject, 'maxOperatingHours', 60_000) + elapsed / HOUR),
  }),
  isDetectable: (_, subject) => typeof subject.meta.maxOperatingHours === 'number',
}
