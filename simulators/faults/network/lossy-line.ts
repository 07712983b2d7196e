/** A weak signal: every fourth message is sent, and never comes. */
import { HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const lossyLine: Fault = {
  name: 'lossy-line',
  ref: 'D8',
  deviceTypes: ['bin', 'elevator'],
  reach: 'device',
  lasts: [36 * HOUR, 60 * HOUR],
  // Messages are counted by the day, so the first day may be half a good one.
  raisedWithin: 35 * HOUR,
  loses: (seq) => seq % 4 === 0,
}
