/** Somebody presses the test button of a smoke alarm; it sounds, and says that it is a test. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const smokeTest: Fault = {
  name: 'smoke-test',
  ref: 'S1',
  decoy: true,
  deviceTypes: ['smoke'],
  reach: 'device',
  lasts: [MINUTE, 3 * MINUTE],
  raisedWithin: 0,
  every: 20 * SECOND,
  shape: (values) => ({ ...values, smoke: true, test: true }),
}
