/** A bin at the end of a closed path: nobody fills or empties it. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const binForgotten: Fault = {
  name: 'bin-forgotten',
  ref: 'B10',
  deviceTypes: ['bin'],
  affects: 'device',
  duration: [15 * DAY, 17 * DAY],
  // 14 days after the last emptying (domain.md B10), which is before the start; 7 for organic waste.
  raiseWithin: 14 * DAY + HOUR,
  override: 'unused',
}
