/** The meter of a lamp hangs: the lamp burns as it should, its power is told as it was in the evening. */
import { HOUR } from '../../devices/behaviour.ts'
import { isNight } from '../../devices/night.ts'
import { metaNumber } from '../../subject.ts'
import type { Fault } from '../fault.ts'

const LASTS = 7.5 * HOUR

export const stuckMeter: Fault = {
  name: 'stuck-meter',
  ref: 'D5',
  deviceTypes: ['streetlight'],
  reach: 'device',
  lasts: [LASTS, LASTS],
  raisedWithin: 6.5 * HOUR,
  shape: (values, { subject }) =>
    values.powerState === 'off'
      ? values
      : { ...values, powerConsumption: Math.round(metaNumber(subject, 'powerRating', 60) * 9.9) / 10 },
  visible: ({ from, to }, subject) =>
    isNight(subject, from) && isNight(subject, to) && isNight(subject, (from + to) / 2),
}
