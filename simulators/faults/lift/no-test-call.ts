/** The alarm line is dead: its test calls do not come. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const noTestCall: Fault = {
  name: 'no-test-call',
  ref: 'E13',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [80 * HOUR, 100 * HOUR],
  // 72 h after the last one (domain.md E13), which was before.
  raisedWithin: 72 * HOUR + 5 * MINUTE,
  circumstance: 'no-test-call',
}
