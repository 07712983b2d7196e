/** A feeder fails: its lamps send a last message and go offline, its cabinet measures no current; all return with it. */
import type { FieldValues } from '../../../model/device-type.ts'
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import { isNight } from '../../devices/night.ts'
import type { Fault } from '../fault.ts'

export const circuitOutage: Fault = {
  name: 'circuit-outage',
  ref: 'L4',
  deviceTypes: ['streetlight'],
  affects: 'circuit',
  duration: [15 * MINUTE, 60 * MINUTE],
  // Three lights of one circuit dark or silent within 10 min (domain.md L4).
  raiseWithin: 11 * MINUTE,
  reportEvery: MINUTE,
  alterTelemetry: (values, { subject }) =>
    subject.type === 'cabinet' ? { ...values, ...noCurrent } : { ...values, ...noSupply },
  events: ({ from, to }, subject) =>
    subject.type === 'cabinet'
      ? []
      : [
          { at: from + SECOND, action: 'drop' },
          { at: to, action: 'connect' },
        ],
  // By day a dead feeder looks like one that is switched off.
  isDetectable: ({ from, to }, subject) => isNight(subject, from - 10 * MINUTE) && isNight(subject, to),
}

const noSupply: FieldValues = { powerConsumption: 0, voltage: 0, current: 0 }
const noCurrent: FieldValues = Object.fromEntries(
  ['R', 'S', 'T'].flatMap((phase) => [
    [`activePower${phase}`, 0],
    [`intensity${phase}`, 0],
  ]),
)
