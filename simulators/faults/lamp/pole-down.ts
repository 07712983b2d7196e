/** A car runs into a lamp pole: the sensor in it tells the tilt. */
import { HOUR, MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const poleTilts: Fault = {
  name: 'pole-tilts',
  ref: 'L11',
  deviceTypes: ['streetlight'],
  reach: 'device',
  lasts: [MINUTE, MINUTE],
  raisedWithin: 5 * SECOND,
  happenings: ({ from }) => [{ at: from, what: { event: 'tilt' } }],
}

/** The light has no such sensor, but says that its column is damaged. */
export const poleDamaged: Fault = {
  name: 'pole-damaged',
  ref: 'L11',
  deviceTypes: ['streetlight'],
  reach: 'device',
  lasts: [HOUR, 12 * HOUR],
  raisedWithin: 2 * MINUTE,
  shape: (values) => ({ ...values, status: 'columnIssue' }),
}
