/** The controller restarts and counts from 0. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const liftRestarted: Fault = {
  name: 'lift-restarted',
  ref: 'E12',
  decoy: true,
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [2 * MINUTE, 8 * MINUTE],
  raiseWithin: 0,
  override: 'restarted',
}
