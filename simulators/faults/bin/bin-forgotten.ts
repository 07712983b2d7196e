/** A bin at the end of a closed path: nobody fills it, nobody empties it, and what is in it stays. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const binForgotten: Fault = {
  name: 'bin-forgotten',
  ref: 'B10',
  deviceTypes: ['bin'],
  reach: 'device',
  lasts: [15 * DAY, 17 * DAY],
  // 14 days after the last emptying (domain.md B10), which was before; 7 for organic waste.
  raisedWithin: 14 * DAY + HOUR,
  circumstance: 'forgotten',
}
