/** A feeder dies: its lamps send a last gasp and are gone, its cabinet sees no current; all come back with it. */
import type { FieldValues } from '../../../model/device-type.ts'
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import { isNight } from '../../devices/night.ts'
import type { Fault } from '../fault.ts'

export const circuitOutage: Fault = {
  name: 'circuit-outage',
  ref: 'L4',
  deviceTypes: ['streetlight'],
  reach: 'circuit',
  lasts: [15 * MINUTE, 60 * MINUTE],
  // Three lights of one circuit dark or silent within 10 min (domain.md L4).
  raisedWithin: 11 * MINUTE,
  every: MINUTE,
  shape: (values, { subject }) =>
    subject.type === 'cabinet' ? { ...values, ...noCurrent } : { ...values, ...noSupply },
  happenings: ({ from, to }, subject) =>
    subject.type === 'cabinet'
      ? []
      : [
          { at: from + SECOND, what: 'drop' },
          { at: to, what: 'connect' },
        ],
  // By day nobody can tell a dead feeder from one that is switched off.
  visible: ({ from, to }, subject) => isNight(subject, from - 10 * MINUTE) && isNight(subject, to),
}

const noSupply: FieldValues = { powerConsumption: 0, voltage: 0, current: 0 }
const noCurrent: FieldValues = Object.fromEntries(
  ['R', 'S', 'T'].flatMap((phase) => [
    [`activePower${phase}`, 0],
    [`intensity${phase}`, 0],
  ]),
)
