/** A circuit switched on by day for a test or for works; the cabinet reports manual mode. */
import type { FieldValues } from '../../../model/device-type.ts'
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import { isAlways } from '../../devices/night.ts'
import { metaNumber, type Subject } from '../../subject.ts'
import type { Fault, FaultContext, Span } from '../fault.ts'

const base = {
  decoy: true,
  affects: 'circuit',
  duration: [40 * MINUTE, 90 * MINUTE],
  raiseWithin: 0,
  reportEvery: 2 * MINUTE,
  alterTelemetry: (values: FieldValues, { subject }: FaultContext) =>
    subject.type === 'cabinet' ? cabinetByHand(values, subject) : litByHand(values, subject),
  // Far from dusk and dawn, so that early or late switching cannot explain it.
  isDetectable: ({ from, to }: Span, subject: Subject) =>
    isAlways(false, subject, { from: from - 3.5 * HOUR, to: to + 3.5 * HOUR }),
} as const

/** All lamps of the circuit are on by day. */
export const circuitTest: Fault = {
  ...base,
  name: 'circuit-test',
  ref: 'L1',
  deviceTypes: ['streetlight'],
}

/** The cabinet draws unusual power for this hour because it was switched manually. */
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
