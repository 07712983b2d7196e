/** A family moves house: the door is kept open for a minute and a half. */
import { SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { atLanding, empty } from './car.ts'

export const removal: Fault = {
  name: 'removal',
  ref: 'E8',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [50 * SECOND, 95 * SECOND],
  raiseWithin: 0,
  reportEvery: 5 * SECOND,
  alterTelemetry: (values) => ({ ...values, ...atLanding, ...empty }),
}
