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
  reach: 'circuit',
  lasts: [3.3 * HOUR, 5 * HOUR],
  // 3 h in total in a night (domain.md L9).
  raisedWithin: 3 * HOUR + 6 * MINUTE,
  every: 5 * MINUTE,
  shape: (values, { subject }) => ({ ...values, ...voltages(subject, 203) }),
  visible: (span, subject) => isAlways(true, subject, span),
}

/** Too low for an hour or two: that may be. */
export const voltageDip: Fault = {
  name: 'voltage-dip',
  ref: 'L9',
  decoy: true,
  deviceTypes: ['cabinet'],
  reach: 'circuit',
  lasts: [HOUR, 2.5 * HOUR],
  raisedWithin: 0,
  every: 5 * MINUTE,
  shape: (values, { subject }) => ({ ...values, ...voltages(subject, 205) }),
  visible: (span, subject) => isAlways(true, subject, span),
}

const voltages = ({ type }: Subject, volts: number): FieldValues =>
  type === 'cabinet' ? { voltageR: volts, voltageS: volts, voltageT: volts } : { voltage: volts }
