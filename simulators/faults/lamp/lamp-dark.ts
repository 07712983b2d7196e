/** A lamp that is switched on but stays dark: the relay is closed, the power is that of no lamp. */
import { MINUTE } from '../../devices/behaviour.ts'
import { isNight } from '../../devices/night.ts'
import type { Fault } from '../fault.ts'

export const lampDark: Fault = {
  name: 'lamp-dark',
  ref: 'L2',
  deviceTypes: ['streetlight'],
  affects: 'device',
  duration: [15 * MINUTE, 90 * MINUTE],
  // Dark for 10 min (domain.md L2), with a message a minute.
  raiseWithin: 12 * MINUTE,
  reportEvery: MINUTE,
  alterTelemetry: (values) =>
    values.powerState === 'off'
      ? values
      : { ...values, powerConsumption: 1.2, current: 0.01, powerFactor: 0.3 },
  // It must be lit before the start: by day it checks for darkness only every five minutes.
  isDetectable: ({ from, to }, subject) => isNight(subject, from - 11 * MINUTE) && isNight(subject, to),
}
