/** Somebody goes out in the morning and is not back in the evening. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isBetween, isEntrance, isNoAbsence, placeThen } from './home-life.ts'

export const notBack: Fault = {
  name: 'not-back',
  ref: 'H3',
  deviceTypes: ['door'],
  reach: 'home',
  lasts: [12.7 * HOUR, 13.5 * HOUR],
  // The usual time out and two deviations, 12 h at least (domain.md H3).
  raisedWithin: 12 * HOUR + 30 * MINUTE,
  circumstance: 'gone',
  visible: ({ from, to }, subject) =>
    isEntrance(subject) &&
    isBetween(subject, from, [6, 8]) &&
    placeThen(subject, from) !== 'out' &&
    isNoAbsence(subject, from, to),
}
