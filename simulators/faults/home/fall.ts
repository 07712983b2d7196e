/** Somebody lies where no sensor sees them, from a time of the day when they are up and at home. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isBetween, isNoAbsence, placeThen } from './home-life.ts'

export const fall: Fault = {
  name: 'fall',
  ref: 'H2',
  deviceTypes: ['motion'],
  reach: 'home',
  lasts: [7 * HOUR, 10 * HOUR],
  // A quarter more than the longest usual silence of the hour, 3 h at least (domain.md H2); the last sign was before.
  raisedWithin: 5 * HOUR,
  learns: 16 * DAY,
  circumstance: 'still',
  visible: ({ from, to }, subject) =>
    isBetween(subject, from, [8, 14]) &&
    placeThen(subject, from) === 'room' &&
    isNoAbsence(subject, from, to),
}
