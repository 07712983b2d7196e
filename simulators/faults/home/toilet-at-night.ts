/** A few minutes in the bathroom at night. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isDeepNight, isWithoutAbsence } from './daily-life.ts'

export const toiletAtNight: Fault = {
  name: 'toilet-at-night',
  ref: 'H6',
  decoy: true,
  deviceTypes: ['motion'],
  affects: 'home',
  duration: [4 * MINUTE, 9 * MINUTE],
  raiseWithin: MINUTE,
  override: 'in-bathroom',
  isDetectable: ({ from, to }, subject) =>
    subject.meta.room === 'bathroom' && isDeepNight(subject, from) && isWithoutAbsence(subject, from, to),
}
