/** The clock of a cabinet is wrong: its circuit is switched on well after dusk. */
import type { FieldValues } from '../../../model/device-type.ts'
import { DAY, HOUR, MINUTE } from '../../devices/behaviour.ts'
import { isAlways, isNight } from '../../devices/night.ts'
import type { Fault } from '../fault.ts'

const BEFORE_DUSK = 25 * MINUTE

export const lateSwitching: Fault = {
  name: 'late-switching',
  ref: 'L10',
  deviceTypes: ['streetlight'],
  reach: 'circuit',
  lasts: [80 * MINUTE, 2 * HOUR],
  // 20 min after the usual time (domain.md L10), by which dusk has moved; it begins before dusk.
  raisedWithin: BEFORE_DUSK + 32 * MINUTE,
  learns: 5 * DAY,
  shape: (values, { subject }) => ({ ...values, ...(subject.type === 'cabinet' ? noLoad : off) }),
  visible: ({ from, to }, subject) =>
    !isNight(subject, from) && isAlways(true, subject, { from: from + BEFORE_DUSK, to }),
}

const off: FieldValues = { powerState: 'off', illuminanceLevel: 0, powerConsumption: 0.4, powerFactor: 0.4 }
const noLoad: FieldValues = { activePowerR: 0.004, activePowerS: 0.004, activePowerT: 0.004 }

/** One lamp of a circuit that burns does not: its own controller has not switched it. */
export const lampStaysOff: Fault = {
  name: 'lamp-stays-off',
  ref: 'L10',
  deviceTypes: ['streetlight'],
  reach: 'device',
  lasts: [30 * MINUTE, 3 * HOUR],
  raisedWithin: 23 * MINUTE,
  every: 2 * MINUTE,
  shape: (values) => ({ ...values, ...off }),
  visible: (span, subject) => isAlways(true, subject, { from: span.from - 20 * MINUTE, to: span.to }),
}
