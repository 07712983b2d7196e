/** A circuit that is switched on by day: a test of its lamps, or people at work on it. The cabinet says that it is by hand. */
import type { FieldValues } from '../../../model/device-type.ts'
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import { isAlways } from '../../devices/night.ts'
import { metaNumber, type Subject } from '../../subject.ts'
import type { Fault, FaultMoment, Span } from '../fault.ts'

const base = {
  decoy: true,
  reach: 'circuit',
  lasts: [40 * MINUTE, 90 * MINUTE],
  raisedWithin: 0,
  every: 2 * MINUTE,
  shape: (values: FieldValues, { subject }: FaultMoment) =>
    subject.type === 'cabinet' ? cabinetByHand(values, subject) : litByHand(values, subject),
  // Far from dusk and dawn, when no time of the day comes into question.
  visible: ({ from, to }: Span, subject: Subject) =>
    isAlways(false, subject, { from: from - 3.5 * HOUR, to: to + 3.5 * HOUR }),
} as const

/** All lamps of the circuit burn by day. */
export const circuitTest: Fault = {
  ...base,
  name: 'circuit-test',
  ref: 'L1',
  deviceTypes: ['streetlight'],
}

/** The cabinet draws what it never does at this time of day, because somebody has switched it. */
export const cabinetByHandTest: Fault = {
  ...base,
  name: 'cabinet-by-hand',
  ref: 'L8',
  deviceTypes: ['cabinet'],
}

function litByHand(values: FieldValues, subject: Subject): FieldValues {
  const watts = metaNumber(subject, 'powerRating', 60)
  return { ...values, powerState: 'on', illuminanceLevel: 1, powerConsumption: watts, powerFactor: 0.96 }
}

function cabinetByHand(values: FieldValues, subject: Subject): FieldValues {
  const kilowatts = (metaNumber(subject, 'lamps', 8) * 60) / 3000
  const powers = ['R', 'S', 'T'].map((phase) => [`activePower${phase}`, kilowatts] as const)
  return { ...values, workingMode: 'manual', ...Object.fromEntries(powers) }
}
