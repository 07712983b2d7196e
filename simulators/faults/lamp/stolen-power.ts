/** Somebody taps the circuit of a cabinet: 600 W more than ever before. */
import type { FieldValue } from '../../../model/device-type.ts'
import { DAY, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

const KILOWATTS_PER_PHASE = 0.2

export const stolenPower: Fault = {
  name: 'stolen-power',
  ref: 'L8',
  deviceTypes: ['cabinet'],
  affects: 'device',
  duration: [30 * MINUTE, 5 * 60 * MINUTE],
  // 7 min (domain.md L8); the rule pauses near dusk and dawn.
  raiseWithin: 25 * MINUTE,
  minHistory: 6 * DAY,
  reportEvery: MINUTE,
  alterTelemetry: (values) => ({
    ...values,
    ...Object.fromEntries(
      ['R', 'S', 'T'].map((phase) => [`activePower${phase}`, increased(values[`activePower${phase}`])]),
    ),
  }),
}

const increased = (kilowatts: FieldValue | undefined): number =>
  Math.round(((typeof kilowatts === 'number' ? kilowatts : 0) + KILOWATTS_PER_PHASE) * 1e4) / 1e4
