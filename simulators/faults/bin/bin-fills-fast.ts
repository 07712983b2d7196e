/** A market day: the bin is full before the evening round. */
import { HOUR } from '../../devices/behaviour.ts'
import { localTimeOf } from '../../local-time.ts'
import type { Fault } from '../fault.ts'

/** After the morning round. */
const FIRST_HOUR = 6.5
const LAST_HOUR = 9
const DURATION = 8.9 * HOUR

export const binFillsFast: Fault = {
  name: 'bin-fills-fast',
  ref: 'B2',
  deviceTypes: ['bin'],
  affects: 'device',
  duration: [DURATION, DURATION],
  // It takes hours to distinguish a market day from a busy morning.
  raiseWithin: 7.5 * HOUR,
  override: 'overused',
  isDetectable({ from }, subject) {
    const { hour } = localTimeOf(subject.timeZone)(from)
    return hour >= FIRST_HOUR && hour <= LAST_HOUR
  },
}
