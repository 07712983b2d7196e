/** A bin that was out of reach sends the measurements of the day before in one go; its clock is right. */
import { DAY, HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { shiftedTimestamp } from './device-clock.ts'

/** One hour of yesterday per minute. */
const SPEED_UP = 60

export const sentLater: Fault = {
  name: 'sent-later',
  ref: 'D3',
  decoy: true,
  deviceTypes: ['bin'],
  affects: 'device',
  duration: [12 * MINUTE, 20 * MINUTE],
  raiseWithin: 0,
  reportEvery: MINUTE,
  alterTelemetry(values, context) {
    const { elapsed } = context
    return { ...values, ...shiftedTimestamp(context, elapsed * (SPEED_UP - 1) - 2 * DAY - HOUR) }
  },
}
