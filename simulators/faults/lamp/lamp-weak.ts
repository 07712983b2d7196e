/** A lamp whose driver gives less than it should: it burns, but draws a third less than expected at its dim level. */
import { MINUTE } from '../../devices/behaviour.ts'
import { isAlways } from '../../devices/night.ts'
import type { Fault } from '../fault.ts'

export const lampWeak: Fault = {
  name: 'lamp-weak',
  ref: 'L3',
  deviceTypes: ['streetlight'],
  reach: 'device',
  lasts: [25 * MINUTE, 2 * 60 * MINUTE],
  // 15 min out of tolerance (domain.md L3).
  raisedWithin: 18 * MINUTE,
  every: MINUTE,
  shape(values) {
    if (values.powerState === 'off' || typeof values.powerConsumption !== 'number') return values
    return { ...values, powerConsumption: Math.round(values.powerConsumption * 6.5) / 10 }
  },
  visible: ({ from, to }, subject) => isAlways(true, subject, { from: from - 10 * MINUTE, to }),
}

/** Dimmed for a while, as it says itself: its power is what is expected then. */
export const lampDimmed: Fault = {
  name: 'lamp-dimmed',
  ref: 'L3',
  decoy: true,
  deviceTypes: ['streetlight'],
  reach: 'device',
  lasts: [25 * MINUTE, 2 * 60 * MINUTE],
  raisedWithin: 0,
  every: MINUTE,
  shape(values) {
    const { illuminanceLevel: level, powerConsumption: watts } = values
    if (typeof level !== 'number' || typeof watts !== 'number' || level === 0) return values
    const dimmed = { powerState: 'low', illuminanceLevel: 0.3 }
    return { ...values, ...dimmed, powerConsumption: Math.round((watts / level) * 3) / 10 }
  },
  visible: (span, subject) => isAlways(true, subject, span),
}
