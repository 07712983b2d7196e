/** A resident gets up in the middle of the night and does not lie down again. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isDeepNight, isWithoutAbsence } from './daily-life.ts'

export const outOfBed: Fault = {
  name: 'out-of-bed',
  ref: 'H7',
  deviceTypes: ['motion'],
  affects: 'home',
  duration: [55 * MINUTE, 80 * MINUTE],
  // 45 min (domain.md H7).
  raiseWithin: 46 * MINUTE,
  override: 'sleepless',
  isDetectable: ({ from, to }, subject) =>
    subject.meta.role === 'bed' && isDeepNight(subject, from) && isWithoutAbsence(subject, from, to),
}
