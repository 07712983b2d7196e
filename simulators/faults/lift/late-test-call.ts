/** Two test calls in a row fail; the third comes in time. */
import { HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const lateTestCall: Fault = {
  name: 'late-test-call',
  ref: 'E13',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [36 * HOUR, 46 * HOUR],
  raiseWithin: 0,
  override: 'no-test-call',
}
