/** A few minutes in the bathroom in the night. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isDeepNight, isNoAbsence } from './home-life.ts'

export const toiletAtNight: Fault = {
  name: 'toilet-at-night',
  ref: 'H6',
  decoy: true,
  deviceTypes: ['motion'],
  reach: 'home',
  lasts: [4 * MINUTE, 9 * MINUTE],
  raisedWithin: MINUTE,
  circumstance: 'in-bathroom',
  visible: ({ from, to }, subject) =>
    subject.meta.room === 'bathroom' && isDeepNight(subject, from) && isNoAbsence(subject, from, to),
}
