/** A hose under the sink leaks until somebody mops up. */
import { HOUR, MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const waterLeak: Fault = {
  name: 'water-leak',
  ref: 'S3',
  deviceTypes: ['waterleak'],
  reach: 'device',
  lasts: [20 * MINUTE, 4 * HOUR],
  raisedWithin: 5 * SECOND,
  every: 10 * MINUTE,
  shape: (values) => ({ ...values, water_leak: true }),
}
