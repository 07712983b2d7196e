/** A lift that is kept at a floor by something between its doors. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { landing, nobody } from './car.ts'

export const liftDoorHeld: Fault = {
  name: 'lift-door-held',
  ref: 'E8',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [4 * MINUTE, 12 * MINUTE],
  // 120 s (domain.md E8), and one message.
  raisedWithin: 130 * SECOND,
  every: 20 * SECOND,
  shape: (values) => ({ ...values, ...landing, ...nobody }),
}
