/** A resident opens the entrance door again and again at night. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isDeepNight, isEntrance, isWithoutAbsence } from './daily-life.ts'

export const restlessAtDoor: Fault = {
  name: 'restless-at-door',
  ref: 'H5',
  deviceTypes: ['door'],
  affects: 'home',
  duration: [30 * MINUTE, 40 * MINUTE],
  // Three openings (domain.md H5), at most 8 min apart.
  raiseWithin: 20 * MINUTE,
  override: 'restless',
  isDetectable: ({ from, to }, subject) =>
    isEntrance(subject) && isDeepNight(subject, from) && isWithoutAbsence(subject, from, to),
}
