/** A market day: a bin that is full before the evening round comes. */
import { HOUR } from '../../devices/behaviour.ts'
import { localTimeOf } from '../../local-time.ts'
import type { Fault } from '../fault.ts'

/** After the morning round. */
const FIRST_HOUR = 6.5
const LAST_HOUR = 9
const LASTS = 8.9 * HOUR

export const binFillsFast: Fault = {
  name: 'bin-fills-fast',
  ref: 'B2',
  deviceTypes: ['bin'],
  reach: 'device',
  lasts: [LASTS, LASTS],
  // Hours are needed to tell a market day from a busy morning.
  raisedWithin: 7.5 * HOUR,
  circumstance: 'overused',
  visible({ from }, subject) {
    const { hour } = localTimeOf(subject.timeZone)(from)
    return hour >= FIRST_HOUR && hour <= LAST_HOUR
  },
}
