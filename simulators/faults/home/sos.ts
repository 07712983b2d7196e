/** Somebody presses the emergency button. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const sos: Fault = {
  name: 'sos',
  ref: 'H10',
  deviceTypes: ['motion', 'door'],
  reach: 'device',
  lasts: [MINUTE, MINUTE],
  raisedWithin: 5 * SECOND,
  happenings: ({ from }) => [{ at: from, what: { event: 'sos' } }],
}
