/** Somebody gets up in the night for a while and lies down again. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isDeepNight, isNoAbsence } from './home-life.ts'

export const upAtNight: Fault = {
  name: 'up-at-night',
  ref: 'H7',
  decoy: true,
  deviceTypes: ['motion'],
  reach: 'home',
  lasts: [10 * MINUTE, 30 * MINUTE],
  raisedWithin: MINUTE,
  circumstance: 'sleepless',
  visible: ({ from, to }, subject) =>
    subject.meta.role === 'bed' && isDeepNight(subject, from) && isNoAbsence(subject, from, to),
}
