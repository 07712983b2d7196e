/** The lid of a bin is left open. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const lidOpen: Fault = {
  name: 'lid-open',
  ref: 'B6',
  deviceTypes: ['bin'],
  affects: 'device',
  duration: [75 * MINUTE, 6 * 60 * MINUTE],
  // More than 60 min (domain.md B6).
  raiseWithin: 62 * MINUTE,
  alterTelemetry: (values) => ({ ...values, status: 'lidOpen' }),
}

/** Open for less than the limit, e.g. while somebody clears out a cellar. */
export const lidOpenForAWhile: Fault = {
  name: 'lid-open-for-a-while',
  ref: 'B6',
  decoy: true,
  deviceTypes: ['bin'],
  affects: 'device',
  duration: [15 * MINUTE, 50 * MINUTE],
  raiseWithin: 0,
  alterTelemetry: (values) => ({ ...values, status: 'lidOpen' }),
}
