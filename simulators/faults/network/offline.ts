/** A device loses its network connection and returns. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const offline: Fault = {
  name: 'offline',
  ref: 'D1',
  deviceTypes: ['elevator', 'streetlight', 'cabinet', 'bin', 'door', 'motion'],
  affects: 'device',
  duration: [30 * MINUTE, 3 * HOUR],
  // The Last Will arrives at once (domain.md D1).
  raiseWithin: MINUTE,
  events: ({ from, to }) => [
    { at: from, action: 'drop' },
    { at: to, action: 'connect' },
  ],
}
