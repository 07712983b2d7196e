/** Somebody does not come out of the bathroom, at night or by day. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isNoAbsence, placeThen } from './home-life.ts'

export const longBathroom: Fault = {
  name: 'long-bathroom',
  ref: 'H6',
  deviceTypes: ['motion'],
  reach: 'home',
  lasts: [70 * MINUTE, 100 * MINUTE],
  // 60 min by day, 15 min at night (domain.md H6).
  raisedWithin: 63 * MINUTE,
  circumstance: 'in-bathroom',
  visible: ({ from, to }, subject) =>
    subject.meta.room === 'bathroom' && placeThen(subject, from) !== 'out' && isNoAbsence(subject, from, to),
}
