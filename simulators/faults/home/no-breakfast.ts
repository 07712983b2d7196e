/** A resident is up and at home, but does not enter the kitchen all morning. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isHourBetween, isWithoutAbsence } from './daily-life.ts'

export const noBreakfast: Fault = {
  name: 'no-breakfast',
  ref: 'H8',
  deviceTypes: ['motion'],
  affects: 'home',
  duration: [5.6 * HOUR, 6 * HOUR],
  // Evaluated at noon (domain.md H8).
  raiseWithin: 5.6 * HOUR,
  minHistory: 16 * DAY,
  override: 'unwell',
  isDetectable: ({ from, to }, subject) =>
    subject.meta.room === 'kitchen' &&
    isHourBetween(subject, from, [6.5, 7.9]) &&
    isWithoutAbsence(subject, from, to),
}
