/** A device that is switched off and on again and again: its messages are numbered from 1 each time, none is lost. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import type { Fault, Happening } from '../fault.ts'

export const startsAnew: Fault = {
  name: 'starts-anew',
  ref: 'D8',
  decoy: true,
  deviceTypes: ['bin', 'streetlight', 'gas'],
  reach: 'device',
  lasts: [DAY, 2 * DAY],
  raisedWithin: 0,
  happenings({ from, to }) {
    const found: Happening[] = []
    for (let at = from; at < to; at += 3 * HOUR) found.push({ at, what: 'restart' })
    return found
  },
}
