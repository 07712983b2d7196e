/** A bin lies on its side and reports it. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const binTipped: Fault = {
  name: 'bin-tipped',
  ref: 'B5',
  deviceTypes: ['bin'],
  affects: 'device',
  duration: [HOUR, 6 * HOUR],
  raiseWithin: 2 * MINUTE,
  alterTelemetry: (values) => ({ ...values, position: 'tilt', status: 'dropped' }),
}

/** The sensor reports only the tilt. */
export const binTilted: Fault = {
  name: 'bin-tilted',
  ref: 'B5',
  deviceTypes: ['bin'],
  affects: 'device',
  duration: [HOUR, 6 * HOUR],
  // Two readings (domain.md B5), a quarter of an hour apart.
  raiseWithin: 17 * MINUTE,
  alterTelemetry: (values) => ({ ...values, position: 'tilt' }),
}

/** Tilted for one reading while it is emptied. */
export const tiltedForEmptying: Fault = {
  name: 'tilted-for-emptying',
  ref: 'B5',
  decoy: true,
  deviceTypes: ['bin'],
  affects: 'device',
  duration: [MINUTE, 2 * MINUTE],
  raiseWithin: 0,
  alterTelemetry: (values) => ({ ...values, position: 'tilt' }),
}
