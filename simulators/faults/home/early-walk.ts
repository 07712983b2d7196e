/** A walk early in the morning, just after the night hours. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isEntrance, isHourBetween, isWithoutAbsence } from './daily-life.ts'

export const earlyWalk: Fault = {
  name: 'early-walk',
  ref: 'H4',
  decoy: true,
  deviceTypes: ['door'],
  affects: 'home',
  duration: [20 * MINUTE, 40 * MINUTE],
  raiseWithin: MINUTE,
  override: 'away',
  isDetectable: ({ from, to }, subject) =>
    isEntrance(subject) && isHourBetween(subject, from, [6.1, 7]) && isWithoutAbsence(subject, from, to),
}
