/** A day or two on which little happens. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isNoAbsence } from './home-life.ts'

export const lazyDay: Fault = {
  name: 'lazy-day',
  ref: 'H11',
  decoy: true,
  deviceTypes: ['motion'],
  reach: 'home',
  lasts: [1 * DAY, 1.9 * DAY],
  raisedWithin: HOUR,
  learns: 16 * DAY,
  circumstance: 'listless',
  visible: ({ from, to }, subject) => isNoAbsence(subject, from, to),
}
