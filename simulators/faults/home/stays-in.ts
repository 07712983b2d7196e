/** A resident lives as usual, but does not go out any more. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isEntrance, isWithoutAbsence } from './daily-life.ts'

export const staysIn: Fault = {
  name: 'stays-in',
  ref: 'H1',
  deviceTypes: ['door'],
  affects: 'home',
  duration: [50 * HOUR, 60 * HOUR],
  // 48 h after the last opening (domain.md H1), which is before the start.
  raiseWithin: 48 * HOUR + 10 * MINUTE,
  override: 'indoors',
  isDetectable: ({ from, to }, subject) => isEntrance(subject) && isWithoutAbsence(subject, from, to),
}
