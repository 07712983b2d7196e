/** Somebody has tapped the line of a cabinet: 600 W more than at any time before. */
import type { FieldValue } from '../../../model/device-type.ts'
import { DAY, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

const KILOWATTS_A_PHASE = 0.2

export const stolenPower: Fault = {
  name: 'stolen-power',
  ref: 'L8',
  deviceTypes: ['cabinet'],
  reach: 'device',
  lasts: [30 * MINUTE, 5 * 60 * MINUTE],
  // 7 min (domain.md L8); near dusk and dawn it has to wait until that is over.
  raisedWithin: 25 * MINUTE,
  learns: 6 * DAY,
  every: MINUTE,
  shape: (values) => ({
    ...values,
    ...Object.fromEntries(
      ['R', 'S', 'T'].map((phase) => [`activePower${phase}`, more(values[`activePower${phase}`])]),
    ),
  }),
}

const more = (kilowatts: FieldValue | undefined): number =>
  Math.round(((typeof kilowatts === 'number' ? kilowatts : 0) + KILOWATTS_A_PHASE) * 1e4) / 1e4
