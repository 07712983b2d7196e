/** A device at the edge of its network: offline for three minutes, online for three. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault, FaultEvent } from '../fault.ts'

const PERIOD = 6 * MINUTE

export const unstableLine: Fault = {
  name: 'unstable-line',
  ref: 'D7',
  deviceTypes: ['bin', 'door', 'motion', 'gas', 'elevator'],
  affects: 'device',
  duration: [HOUR, 3 * HOUR],
  // The seventh change is the fourth drop.
  raiseWithin: 3 * PERIOD + MINUTE,
  events({ from, to }) {
    const events: FaultEvent[] = []
    for (let at = from; at < to; at += PERIOD)
      events.push({ at, action: 'drop' }, { at: at + PERIOD / 2, action: 'connect' })
    return events
  },
}
