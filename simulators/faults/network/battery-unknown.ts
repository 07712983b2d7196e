/** A device that cannot tell its battery for some hours: -1 is unknown, not empty (FIWARE Device). */
import { HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const batteryUnknown: Fault = {
  name: 'battery-unknown',
  ref: 'D2',
  decoy: true,
  deviceTypes: ['bin', 'door', 'motion', 'smoke', 'waterleak', 'watermeter'],
  reach: 'device',
  lasts: [2 * HOUR, 6 * HOUR],
  raisedWithin: 0,
  every: HOUR,
  shape: (values) => ({ ...values, batteryLevel: -1 }),
}
