/** A bin that was out of reach sends what it measured the day before, in one go; its clock is right. */
import { DAY, HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { claimed } from './device-clock.ts'

/** An hour of yesterday each minute. */
const FASTER = 60

export const sentLater: Fault = {
  name: 'sent-later',
  ref: 'D3',
  decoy: true,
  deviceTypes: ['bin'],
  reach: 'device',
  lasts: [12 * MINUTE, 20 * MINUTE],
  raisedWithin: 0,
  every: MINUTE,
  shape(values, moment) {
    const { elapsed } = moment
    return { ...values, ...claimed(moment, elapsed * (FASTER - 1) - 2 * DAY - HOUR) }
  },
}
