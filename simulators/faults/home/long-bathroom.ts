/** A resident does not leave the bathroom, at night or by day. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isWithoutAbsence, routinePlaceAt } from './daily-life.ts'

export const longBathroom: Fault = {
  name: 'long-bathroom',
  ref: 'H6',
  deviceTypes: ['motion'],
  affects: 'home',
  duration: [70 * MINUTE, 100 * MINUTE],
  // 60 min by day, 15 min at night (domain.md H6).
  raiseWithin: 63 * MINUTE,
  override: 'in-bathroom',
  isDetectable: ({ from, to }, subject) =>
    subject.meta.room === 'bathroom' &&
    routinePlaceAt(subject, from) !== 'out' &&
    isWithoutAbsence(subject, from, to),
}
