/** A lift kept at a floor by something between its doors. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { atLanding, empty } from './car.ts'

export const liftDoorHeld: Fault = {
  name: 'lift-door-held',
  ref: 'E8',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [4 * MINUTE, 12 * MINUTE],
  // 120 s (domain.md E8), and one message.
  raiseWithin: 130 * SECOND,
  reportEvery: 20 * SECOND,
  alterTelemetry: (values) => ({ ...values, ...atLanding, ...empty }),
}
