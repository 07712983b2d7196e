/** One or two days with little activity. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isWithoutAbsence } from './daily-life.ts'

export const lazyDay: Fault = {
  name: 'lazy-day',
  ref: 'H11',
  decoy: true,
  deviceTypes: ['motion'],
  affects: 'home',
  duration: [1 * DAY, 1.9 * DAY],
  raiseWithin: HOUR,
  minHistory: 16 * DAY,
  override: 'listless',
  isDetectable: ({ from, to }, subject) => isWithoutAbsence(subject, from, to),
}
