/** A day out that ends in time. */
import { HOUR } from '../devices/behaviour.ts'
import type { Fault } from './fault.ts'
import { isBetween, isEntrance, isNoAbsence } from './home-life.ts'

export const dayTrip: Fault = {
  name: 'day-trip',
  ref: 'H3',
  decoy: true,
  deviceTypes: ['door'],
  reach: 'home',
  lasts: [7 * HOUR, 11 * HOUR],
  raisedWithin: HOUR,
  circumstance: 'gone',
  visible: ({ from, to }, subject) =>
    isEntrance(subject) && isBetween(subject, from, [7, 9.5]) && isNoAbsence(subject, from, to),
}
