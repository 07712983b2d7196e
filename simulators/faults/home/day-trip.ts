/** A day out that ends in time. */
import { HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isBetween, isEntrance, isNoAbsence, placeThen } from './home-life.ts'

export const dayTrip: Fault = {
  name: 'day-trip',
  ref: 'H3',
  decoy: true,
  deviceTypes: ['door'],
  reach: 'home',
  lasts: [7 * HOUR, 11 * HOUR],
  raisedWithin: HOUR,
  circumstance: 'gone',
  // Who is out before it begins or when it ends would be out for longer than it lasts, and rightly missed.
  visible: ({ from, to }, subject) =>
    isEntrance(subject) &&
    isBetween(subject, from, [7, 9.5]) &&
    placeThen(subject, from) !== 'out' &&
    placeThen(subject, to) !== 'out' &&
    isNoAbsence(subject, from, to),
}
