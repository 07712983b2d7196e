/** A device falls off the network, and comes back. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const offline: Fault = {
  name: 'offline',
  ref: 'D1',
  deviceTypes: ['elevator', 'streetlight', 'cabinet', 'bin', 'door', 'motion'],
  reach: 'device',
  lasts: [30 * MINUTE, 3 * HOUR],
  // The Last Will tells at once (domain.md D1).
  raisedWithin: MINUTE,
  happenings: ({ from, to }) => [
    { at: from, what: 'drop' },
    { at: to, what: 'connect' },
  ],
}
