/** A resident lies where no sensor sees them, starting at a time when they are up and at home. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isHourBetween, isWithoutAbsence, routinePlaceAt } from './daily-life.ts'

export const fall: Fault = {
  name: 'fall',
  ref: 'H2',
  deviceTypes: ['motion'],
  affects: 'home',
  duration: [7 * HOUR, 10 * HOUR],
  // 1.25 x the longest usual silence of the hour, at least 3 h (domain.md H2), from the last activity before the start.
  raiseWithin: 5 * HOUR,
  minHistory: 16 * DAY,
  override: 'motionless',
  isDetectable: ({ from, to }, subject) =>
    isHourBetween(subject, from, [8, 14]) &&
    routinePlaceAt(subject, from) === 'room' &&
    isWithoutAbsence(subject, from, to),
}
