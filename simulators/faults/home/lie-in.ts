/** A late morning in bed: longer than usual, but no emergency. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isHourBetween, isWithoutAbsence } from './daily-life.ts'

export const lieIn: Fault = {
  name: 'lie-in',
  ref: 'H2',
  decoy: true,
  deviceTypes: ['motion'],
  affects: 'home',
  duration: [5.5 * HOUR, 6.5 * HOUR],
  raiseWithin: HOUR,
  minHistory: 16 * DAY,
  override: 'in-bed-late',
  isDetectable: ({ from, to }, subject) =>
    isHourBetween(subject, from, [3, 5]) && isWithoutAbsence(subject, from, to),
}
