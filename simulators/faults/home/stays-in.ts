/** Somebody lives on as usual, but does not go out any more. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isEntrance, isNoAbsence } from './home-life.ts'

export const staysIn: Fault = {
  name: 'stays-in',
  ref: 'H1',
  deviceTypes: ['door'],
  reach: 'home',
  lasts: [50 * HOUR, 60 * HOUR],
  // 48 h after the last opening (domain.md H1), which was before.
  raisedWithin: 48 * HOUR + 10 * MINUTE,
  circumstance: 'indoors',
  visible: ({ from, to }, subject) => isEntrance(subject) && isNoAbsence(subject, from, to),
}
