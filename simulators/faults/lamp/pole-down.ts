/** A car hits a lamp pole: its sensor reports the tilt. */
import { HOUR, MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const poleTilts: Fault = {
  name: 'pole-tilts',
  ref: 'L11',
  deviceTypes: ['streetlight'],
  affects: 'device',
  duration: [MINUTE, MINUTE],
  raiseWithin: 5 * SECOND,
  events: ({ from }) => [{ at: from, action: { event: 'tilt' } }],
}

/** A light without tilt sensor that reports a damaged column. */
export const poleDamaged: Fault = {
  name: 'pole-damaged',
  ref: 'L11',
  deviceTypes: ['streetlight'],
  affects: 'device',
  duration: [HOUR, 12 * HOUR],
  raiseWithin: 2 * MINUTE,
  alterTelemetry: (values) => ({ ...values, status: 'columnIssue' }),
}
