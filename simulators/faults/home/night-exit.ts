/** A resident goes out in the middle of the night and returns within minutes. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isDeepNight, isEntrance, isWithoutAbsence } from './daily-life.ts'

export const nightExit: Fault = {
  name: 'night-exit',
  ref: 'H4',
  deviceTypes: ['door'],
  affects: 'home',
  duration: [4 * MINUTE, 9 * MINUTE],
  raiseWithin: MINUTE,
  override: 'away',
  isDetectable: ({ from, to }, subject) =>
    isEntrance(subject) && isDeepNight(subject, from) && isWithoutAbsence(subject, from, to),
}
