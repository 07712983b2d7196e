/** A test of a smoke alarm: it sounds and reports a test. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const smokeTest: Fault = {
  name: 'smoke-test',
  ref: 'S1',
  decoy: true,
  deviceTypes: ['smoke'],
  affects: 'device',
  duration: [MINUTE, 3 * MINUTE],
  raiseWithin: 0,
  reportEvery: 20 * SECOND,
  alterTelemetry: (values) => ({ ...values, smoke: true, test: true }),
}
