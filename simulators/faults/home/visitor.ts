/** A visitor comes and goes while the resident stays at home. */
import { HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isEntrance, isHourBetween, isWithoutAbsence, routinePlaceAt } from './daily-life.ts'

export const visitor: Fault = {
  name: 'visitor',
  ref: 'H3',
  decoy: true,
  deviceTypes: ['door'],
  affects: 'home',
  duration: [HOUR, 2 * HOUR],
  raiseWithin: HOUR,
  override: 'visited',
  isDetectable: ({ from, to }, subject) =>
    isEntrance(subject) &&
    isHourBetween(subject, from, [9, 19]) &&
    routinePlaceAt(subject, from) === 'room' &&
    isWithoutAbsence(subject, from, to),
}
