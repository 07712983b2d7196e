/** A weak signal: every fourth message is sent but never arrives. */
import { HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const lossyLine: Fault = {
  name: 'lossy-line',
  ref: 'D8',
  deviceTypes: ['bin', 'elevator'],
  affects: 'device',
  duration: [36 * HOUR, 60 * HOUR],
  // Messages are counted per day, so the first day may be half normal.
  raiseWithin: 35 * HOUR,
  isLost: (seq) => seq % 4 === 0,
}
