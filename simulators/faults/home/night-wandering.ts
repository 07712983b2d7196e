/** A resident goes out in the middle of the night and does not return soon. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isDeepNight, isEntrance, isWithoutAbsence } from './daily-life.ts'

export const nightWandering: Fault = {
  name: 'night-wandering',
  ref: 'H5',
  deviceTypes: ['door'],
  affects: 'home',
  duration: [20 * MINUTE, 60 * MINUTE],
  // No sign inside for 15 min (domain.md H5).
  raiseWithin: 16 * MINUTE,
  override: 'away',
  isDetectable: ({ from, to }, subject) =>
    isEntrance(subject) && isDeepNight(subject, from) && isWithoutAbsence(subject, from, to),
}
