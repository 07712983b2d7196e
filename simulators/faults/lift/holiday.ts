/** Holidays: half of the residents are away. */
import { DAY } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const holiday: Fault = {
  name: 'holiday',
  ref: 'E12',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [DAY, 3 * DAY],
  raiseWithin: 0,
  override: 'holiday',
}
