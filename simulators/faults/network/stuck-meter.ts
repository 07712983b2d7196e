/** A frozen power meter: the lamp is normal, but its power stays at the value of the evening. */
import { HOUR } from '../../devices/behaviour.ts'
import { isNight } from '../../devices/night.ts'
import { metaNumber } from '../../subject.ts'
import type { Fault } from '../fault.ts'

const DURATION = 7.5 * HOUR

export const stuckMeter: Fault = {
  name: 'stuck-meter',
  ref: 'D5',
  deviceTypes: ['streetlight'],
  affects: 'device',
  duration: [DURATION, DURATION],
  raiseWithin: 6.5 * HOUR,
  alterTelemetry: (values, { subject }) =>
    values.powerState === 'off'
      ? values
      : { ...values, powerConsumption: Math.round(metaNumber(subject, 'powerRating', 60) * 9.9) / 10 },
  isDetectable: ({ from, to }, subject) =>
    isNight(subject, from) && isNight(subject, to) && isNight(subject, (from + to) / 2),
}
