/** A device at the edge of its network: gone for three minutes, back for three. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault, Happening } from '../fault.ts'

const PERIOD = 6 * MINUTE

export const unstableLine: Fault = {
  name: 'unstable-line',
  ref: 'D7',
  deviceTypes: ['bin', 'door', 'motion', 'gas', 'elevator'],
  reach: 'device',
  lasts: [HOUR, 3 * HOUR],
  // The seventh change is the fourth loss.
  raisedWithin: 3 * PERIOD + MINUTE,
  happenings({ from, to }) {
    const found: Happening[] = []
    for (let at = from; at < to; at += PERIOD)
      found.push({ at, what: 'drop' }, { at: at + PERIOD / 2, what: 'connect' })
    return found
  },
}
