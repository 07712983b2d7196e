/** A lift under modernisation, out for some hours every day or two as announced. */
import { DAY } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const plannedOutages: Fault = {
  name: 'planned-outages',
  ref: 'E15',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [5 * DAY, 8 * DAY],
  raiseWithin: 0,
  override: 'modernised',
}
