/** A resident goes out in the morning and has not returned by the evening. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isEntrance, isHourBetween, isWithoutAbsence, routinePlaceAt } from './daily-life.ts'

export const notBack: Fault = {
  name: 'not-back',
  ref: 'H3',
  deviceTypes: ['door'],
  affects: 'home',
  duration: [12.7 * HOUR, 13.5 * HOUR],
  // The usual absence plus two standard deviations, at least 12 h (domain.md H3).
  raiseWithin: 12 * HOUR + 30 * MINUTE,
  override: 'away',
  isDetectable: ({ from, to }, subject) =>
    isEntrance(subject) &&
    isHourBetween(subject, from, [6, 8]) &&
    routinePlaceAt(subject, from) !== 'out' &&
    isWithoutAbsence(subject, from, to),
}
