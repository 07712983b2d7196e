/** A lamp with a weak driver: it is on, but draws a third less than expected at its dim level. */
import { MINUTE } from '../../devices/behaviour.ts'
import { isAlways } from '../../devices/night.ts'
import type { Fault } from '../fault.ts'

export const lampWeak: Fault = {
  name: 'lamp-weak',
  ref: 'L3',
  deviceTypes: ['streetlight'],
  affects: 'device',
  duration: [25 * MINUTE, 2 * 60 * MINUTE],
  // 15 min out of tolerance (domain.md L3).
  raiseWithin: 18 * MINUTE,
  reportEvery: MINUTE,
  alterTelemetry(values) {
    if (values.powerState === 'off' || typeof values.powerConsumption !== 'number') return values
    return { ...values, powerConsumption: Math.round(values.powerConsumption * 6.5) / 10 }
  },
  isDetectable: ({ from, to }, subject) => isAlways(true, subject, { from: from - 10 * MINUTE, to }),
}

/** Dimmed for a while and reporting it: its power is as expected for that level. */
export const lampDimmed: Fault = {
  name: 'lamp-dimmed',
  ref: 'L3',
  decoy: true,
  deviceTypes: ['streetlight'],
  affects: 'device',
  duration: [25 * MINUTE, 2 * 60 * MINUTE],
  raiseWithin: 0,
  reportEvery: MINUTE,
  alterTelemetry(values) {
    const { illuminanceLevel: level, powerConsumption: watts } = values
    if (typeof level !== 'number' || typeof watts !== 'number' || level === 0) return values
    const dimmed = { powerState: 'low', illuminanceLevel: 0.3 }
    return { ...values, ...dimmed, powerConsumption: Math.round((watts / level) * 3) / 10 }
  },
  isDetectable: (span, subject) => isAlways(true, subject, span),
}
