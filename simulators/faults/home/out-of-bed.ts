/** Somebody gets up in the middle of the night and does not lie down again. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isDeepNight, isNoAbsence } from './home-life.ts'

export const outOfBed: Fault = {
  name: 'out-of-bed',
  ref: 'H7',
  deviceTypes: ['motion'],
  reach: 'home',
  lasts: [55 * MINUTE, 80 * MINUTE],
  // 45 min (domain.md H7).
  raisedWithin: 46 * MINUTE,
  circumstance: 'sleepless',
  visible: ({ from, to }, subject) =>
    subject.meta.role === 'bed' && isDeepNight(subject, from) && isNoAbsence(subject, from, to),
}
