/** A visitor comes and goes while the resident is at home all the time. */
import { HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isBetween, isEntrance, isNoAbsence, placeThen } from './home-life.ts'

export const visitor: Fault = {
  name: 'visitor',
  ref: 'H3',
  decoy: true,
  deviceTypes: ['door'],
  reach: 'home',
  lasts: [HOUR, 2 * HOUR],
  raisedWithin: HOUR,
  circumstance: 'visited',
  visible: ({ from, to }, subject) =>
    isEntrance(subject) &&
    isBetween(subject, from, [9, 19]) &&
    placeThen(subject, from) === 'room' &&
    isNoAbsence(subject, from, to),
}
