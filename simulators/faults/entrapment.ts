/** People shut in between two floors; they got in and the lift drove off before, and get out at a landing after. */
import type { FieldValues } from '../../model/device-type.ts'
import { MINUTE, SECOND } from '../devices/behaviour.ts'
import type { Fault } from './fault.ts'

const BOARDED = -5 * SECOND

export const entrapment: Fault = {
  name: 'entrapment',
  ref: 'E1',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [4 * MINUTE, 15 * MINUTE],
  // 45 s of standing still between floors (domain.md E1), and one message.
  raisedWithin: 60 * SECOND,
  lead: 10 * SECOND,
  tail: 15 * SECOND,
  every: 5 * SECOND,
  shape(values, { elapsed, span }) {
    const landing = {
      ...values,
      ...still,
      carDoorZone: true,
      carDoorStatus: 'opened',
      passengerPresence: true,
    }
    if (elapsed < BOARDED) return landing
    if (elapsed < 0) return { ...values, ...riding }
    if (elapsed < span.to - span.from) return { ...values, ...still, ...stuck }
    return { ...landing, passengerPresence: elapsed < span.to - span.from + 5 * SECOND }
  },
}

const still: FieldValues = { carDriveStatus: 'stationary', carMovingDirection: 'stopped', carSpeed: 0 }
const stuck: FieldValues = {
  carDoorZone: false,
  carDoorStatus: 'closed',
  passengerPresence: true,
  carLoad: 14,
  levellingError: 900,
}
const riding: FieldValues = {
  carDriveStatus: 'rated-speed',
  carMovingDirection: 'up',
  carSpeed: 1.6,
  carDoorZone: false,
  carDoorStatus: 'closed',
  passengerPresence: true,
}
