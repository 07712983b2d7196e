/** Somebody goes out in the middle of the night and does not come back soon. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isDeepNight, isEntrance, isNoAbsence } from './home-life.ts'

export const nightWandering: Fault = {
  name: 'night-wandering',
  ref: 'H5',
  deviceTypes: ['door'],
  reach: 'home',
  lasts: [20 * MINUTE, 60 * MINUTE],
  // No sign inside for 15 min (domain.md H5).
  raisedWithin: 16 * MINUTE,
  circumstance: 'gone',
  visible: ({ from, to }, subject) =>
    isEntrance(subject) && isDeepNight(subject, from) && isNoAbsence(subject, from, to),
}
