/** A day out with a return in time. */
import { HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isEntrance, isHourBetween, isWithoutAbsence, routinePlaceAt } from './daily-life.ts'

export const dayTrip: Fault = {
  name: 'day-trip',
  ref: 'H3',
  decoy: true,
  deviceTypes: ['door'],
  affects: 'home',
  duration: [7 * HOUR, 11 * HOUR],
  raiseWithin: HOUR,
  override: 'away',
  // If the resident were out before or after it, the absence would be longer than the trip and rightly raised.
  isDetectable: ({ from, to }, subject) =>
    isEntrance(subject) &&
    isHourBetween(subject, from, [7, 9.5]) &&
    routinePlaceAt(subject, from) !== 'out' &&
    routinePlaceAt(subject, to) !== 'out' &&
    isWithoutAbsence(subject, from, to),
}
