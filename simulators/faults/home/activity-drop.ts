/** A resident hardly moves for days. */
import { DAY, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isWithoutAbsence } from './daily-life.ts'

export const activityDrop: Fault = {
  name: 'activity-drop',
  ref: 'H11',
  deviceTypes: ['motion'],
  affects: 'home',
  duration: [5 * DAY, 7 * DAY],
  // Three whole days, evaluated at the midnight after them (domain.md H11).
  raiseWithin: 4 * DAY + 10 * MINUTE,
  minHistory: 16 * DAY,
  override: 'listless',
  isDetectable: ({ from, to }, subject) => isWithoutAbsence(subject, from, to),
}
