/** Smoke of a fire in a home. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const smoke: Fault = {
  name: 'smoke',
  ref: 'S1',
  deviceTypes: ['smoke'],
  affects: 'device',
  duration: [3 * MINUTE, 20 * MINUTE],
  raiseWithin: 5 * SECOND,
  reportEvery: 30 * SECOND,
  alterTelemetry: (values) => ({ ...values, smoke: true, smoke_density: 0.4, test: false }),
}
