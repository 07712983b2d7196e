/** Somebody steps out in the middle of the night and is back in a few minutes. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { isDeepNight, isEntrance, isNoAbsence } from './home-life.ts'

export const nightExit: Fault = {
  name: 'night-exit',
  ref: 'H4',
  deviceTypes: ['door'],
  reach: 'home',
  lasts: [4 * MINUTE, 9 * MINUTE],
  raisedWithin: MINUTE,
  circumstance: 'gone',
  visible: ({ from, to }, subject) =>
    isEntrance(subject) && isDeepNight(subject, from) && isNoAbsence(subject, from, to),
}
