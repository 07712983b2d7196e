/** The alarm line is dead: its test calls do not arrive. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const noTestCall: Fault = {
  name: 'no-test-call',
  ref: 'E13',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [80 * HOUR, 100 * HOUR],
  // 72 h after the last one (domain.md E13), which is before the start.
  raiseWithin: 72 * HOUR + 5 * MINUTE,
  override: 'no-test-call',
}
