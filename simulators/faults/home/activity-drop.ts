/** Somebody hardly moves any more, for days. */
import { DAY, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isNoAbsence } from './home-life.ts'

export const activityDrop: Fault = {
  name: 'activity-drop',
  ref: 'H11',
  deviceTypes: ['motion'],
  reach: 'home',
  lasts: [5 * DAY, 7 * DAY],
  // Three whole days, told at the midnight after them (domain.md H11).
  raisedWithin: 4 * DAY + 10 * MINUTE,
  learns: 16 * DAY,
  circumstance: 'listless',
  visible: ({ from, to }, subject) => isNoAbsence(subject, from, to),
}
