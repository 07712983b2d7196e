/** A resident gets up at night for a while and lies down again. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isDeepNight, isWithoutAbsence } from './daily-life.ts'

export const upAtNight: Fault = {
  name: 'up-at-night',
  ref: 'H7',
  decoy: true,
  deviceTypes: ['motion'],
  affects: 'home',
  duration: [10 * MINUTE, 30 * MINUTE],
  raiseWithin: MINUTE,
  override: 'sleepless',
  isDetectable: ({ from, to }, subject) =>
    subject.meta.role === 'bed' && isDeepNight(subject, from) && isWithoutAbsence(subject, from, to),
}
