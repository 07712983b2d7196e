/** A late morning in bed: longer than usual, and no emergency. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isBetween, isNoAbsence } from './home-life.ts'

export const lieIn: Fault = {
  name: 'lie-in',
  ref: 'H2',
  decoy: true,
  deviceTypes: ['motion'],
  reach: 'home',
  lasts: [5.5 * HOUR, 6.5 * HOUR],
  raisedWithin: HOUR,
  learns: 16 * DAY,
  circumstance: 'lying-in',
  visible: ({ from, to }, subject) => isBetween(subject, from, [3, 5]) && isNoAbsence(subject, from, to),
}
