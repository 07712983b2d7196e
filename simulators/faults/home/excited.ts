/** One measurement after the stairs: high for a moment, below what calls anybody. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const excited: Fault = {
  name: 'excited',
  ref: 'K1',
  decoy: true,
  deviceTypes: ['kiosk'],
  reach: 'device',
  lasts: [2 * MINUTE, 4 * MINUTE],
  raisedWithin: 0,
  every: 10 * MINUTE,
  shape: (values, { elapsed }) =>
    elapsed === 0
      ? { ...values, systolicBloodPressure: 165, diastolicBloodPressure: 98, heartRate: 110 }
      : values,
}
