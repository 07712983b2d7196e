/** A device that restarts again and again: its `seq` starts at 1 each time, but no message is lost. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import type { Fault, FaultEvent } from '../fault.ts'

export const startsAnew: Fault = {
  name: 'starts-anew',
  ref: 'D8',
  decoy: true,
  deviceTypes: ['bin', 'streetlight', 'gas'],
  affects: 'device',
  duration: [DAY, 2 * DAY],
  raiseWithin: 0,
  events({ from, to }) {
    const events: FaultEvent[] = []
    for (let at = from; at < to; at += 3 * HOUR) events.push({ at, action: 'restart' })
    return events
  },
}
