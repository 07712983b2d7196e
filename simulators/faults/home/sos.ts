/** A resident presses the emergency button. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const sos: Fault = {
  name: 'sos',
  ref: 'H10',
  deviceTypes: ['motion', 'door'],
  affects: 'device',
  duration: [MINUTE, MINUTE],
  raiseWithin: 5 * SECOND,
  events: ({ from }) => [{ at: from, action: { event: 'sos' } }],
}
