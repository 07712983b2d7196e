/** A lamp that goes off when hot and on again when cool, every few minutes. */
import { MINUTE } from '../../devices/behaviour.ts'
import { isAlways } from '../../devices/night.ts'
import type { Fault } from '../fault.ts'

const CYCLE = 4 * MINUTE

export const lampCycling: Fault = {
  name: 'lamp-cycling',
  ref: 'L6',
  deviceTypes: ['streetlight'],
  affects: 'device',
  duration: [30 * MINUTE, 2 * 60 * MINUTE],
  // The fifth switch-on of the night (domain.md L6): the one at dusk, and four cycles.
  raiseWithin: 5 * CYCLE + MINUTE,
  reportEvery: MINUTE,
  alterTelemetry: (values, { elapsed }) =>
    elapsed % CYCLE < CYCLE / 2
      ? { ...values, powerState: 'off', illuminanceLevel: 0, powerConsumption: 0.4, powerFactor: 0.4 }
      : values,
  isDetectable: (span, subject) => isAlways(true, subject, span),
}
