/** A walk early in the morning, after the hours of the night. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isBetween, isEntrance, isNoAbsence } from './home-life.ts'

export const earlyWalk: Fault = {
  name: 'early-walk',
  ref: 'H4',
  decoy: true,
  deviceTypes: ['door'],
  reach: 'home',
  lasts: [20 * MINUTE, 40 * MINUTE],
  raisedWithin: MINUTE,
  circumstance: 'gone',
  visible: ({ from, to }, subject) =>
    isEntrance(subject) && isBetween(subject, from, [6.1, 7]) && isNoAbsence(subject, from, to),
}
