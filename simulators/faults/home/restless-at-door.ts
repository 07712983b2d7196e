/** Somebody opens the entrance again and again in the night. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isDeepNight, isEntrance, isNoAbsence } from './home-life.ts'

export const restlessAtDoor: Fault = {
  name: 'restless-at-door',
  ref: 'H5',
  deviceTypes: ['door'],
  reach: 'home',
  lasts: [30 * MINUTE, 40 * MINUTE],
  // Three openings (domain.md H5), at most 8 min apart.
  raisedWithin: 20 * MINUTE,
  circumstance: 'restless',
  visible: ({ from, to }, subject) =>
    isEntrance(subject) && isDeepNight(subject, from) && isNoAbsence(subject, from, to),
}
