/** A hose under the sink leaks until the water is mopped up. */
import { HOUR, MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const waterLeak: Fault = {
  name: 'water-leak',
  ref: 'S3',
  deviceTypes: ['waterleak'],
  affects: 'device',
  duration: [20 * MINUTE, 4 * HOUR],
  raiseWithin: 5 * SECOND,
  reportEvery: 10 * MINUTE,
  alterTelemetry: (values) => ({ ...values, water_leak: true }),
}
