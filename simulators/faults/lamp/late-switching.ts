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
  affects: 'circuit',
  duration: [80 * MINUTE, 2 * HOUR],
  // 20 min after the usual time (domain.md L10), plus the drift of dusk since; the fault starts before dusk.
  raiseWithin: BEFORE_DUSK + 32 * MINUTE,
  minHistory: 5 * DAY,
  alterTelemetry: (values, { subject }) => ({ ...values, ...(subject.type === 'cabinet' ? noLoad : off) }),
  isDetectable: ({ from, to }, subject) =>
    !isNight(subject, from) && isAlways(true, subject, { from: from + BEFORE_DUSK, to }),
}

const off: FieldValues = { powerState: 'off', illuminanceLevel: 0, powerConsumption: 0.4, powerFactor: 0.4 }
const noLoad: FieldValues = { activePowerR: 0.004, activePowerS: 0.004, activePowerT: 0.004 }

/** One lamp of a lit circuit is off: its own controller has not switched it. */
export const lampStaysOff: Fault = {
  name: 'lamp-stays-off',
  ref: 'L10',
  deviceTypes: ['streetlight'],
  affects: 'device',
  duration: [30 * MINUTE, 3 * HOUR],
  raiseWithin: 23 * MINUTE,
  reportEvery: 2 * MINUTE,
  alterTelemetry: (values) => ({ ...values, ...off }),
  isDetectable: (span, subject) => isAlways(true, subject, { from: span.from - 20 * MINUTE, to: span.to }),
}
