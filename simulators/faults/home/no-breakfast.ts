/** Somebody is up and at home, and does not come into the kitchen all morning. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isBetween, isNoAbsence } from './home-life.ts'

export const noBreakfast: Fault = {
  name: 'no-breakfast',
  ref: 'H8',
  deviceTypes: ['motion'],
  reach: 'home',
  lasts: [5.6 * HOUR, 6 * HOUR],
  // Told at noon (domain.md H8).
  raisedWithin: 5.6 * HOUR,
  learns: 16 * DAY,
  circumstance: 'unwell',
  visible: ({ from, to }, subject) =>
    subject.meta.room === 'kitchen' && isBetween(subject, from, [6.5, 7.9]) && isNoAbsence(subject, from, to),
}
