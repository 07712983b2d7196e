/** A lamp that is switched on and stays dark: the relay is closed, the power says that nothing burns. */
import { MINUTE } from '../../devices/behaviour.ts'
import { isNight } from '../../devices/night.ts'
import type { Fault } from '../fault.ts'

export const lampDark: Fault = {
  name: 'lamp-dark',
  ref: 'L2',
  deviceTypes: ['streetlight'],
  reach: 'device',
  lasts: [15 * MINUTE, 90 * MINUTE],
  // Dark for 10 min (domain.md L2), with a message a minute.
  raisedWithin: 12 * MINUTE,
  every: MINUTE,
  shape: (values) =>
    values.powerState === 'off'
      ? values
      : { ...values, powerConsumption: 1.2, current: 0.01, powerFactor: 0.3 },
  // It was lit and warm before: by day it looks at the sun every five minutes.
  visible: ({ from, to }, subject) => isNight(subject, from - 11 * MINUTE) && isNight(subject, to),
}
