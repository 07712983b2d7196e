/** The voltage of a whole circuit is too low for hours of the night. */
import type { FieldValues } from '../../../model/device-type.ts'
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import { isAlways } from '../../devices/night.ts'
import type { Subject } from '../../subject.ts'
import type { Fault } from '../fault.ts'

export const weakSupply: Fault = {
  name: 'weak-supply',
  ref: 'L9',
  deviceTypes: ['cabinet'],
  affects: 'circuit',
  duration: [3.3 * HOUR, 5 * HOUR],
  // 3 h in total in a night (domain.md L9).
  raiseWithin: 3 * HOUR + 6 * MINUTE,
  reportEvery: 5 * MINUTE,
  alterTelemetry: (values, { subject }) => ({ ...values, ...voltages(subject, 203) }),
  isDetectable: (span, subject) => isAlways(true, subject, span),
}

/** Too low for one or two hours, which is allowed. */
export const voltageDip: Fault = {
  name: 'voltage-dip',
  ref: 'L9',
  decoy: true,
  deviceTypes: ['cabinet'],
  affects: 'circuit',
  duration: [HOUR, 2.5 * HOUR],
  raiseWithin: 0,
  reportEvery: 5 * MINUTE,
  alterTelemetry: (values, { subject }) => ({ ...values, ...voltages(subject, 205) }),
  isDetectable: (span, subject) => isAlways(true, subject, span),
}

const voltages = ({ type }: Subject, volts: number): FieldValues =>
  type === 'cabinet' ? { voltageR: volts, voltageS: volts, voltageT: volts } : { voltage: volts }
