/** A device that cannot measure its battery for some hours: -1 is unknown, not empty (FIWARE Device). */
import { HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const batteryUnknown: Fault = {
  name: 'battery-unknown',
  ref: 'D2',
  decoy: true,
  deviceTypes: ['bin', 'door', 'motion', 'smoke', 'waterleak', 'watermeter'],
  affects: 'device',
  duration: [2 * HOUR, 6 * HOUR],
  raiseWithin: 0,
  reportEvery: HOUR,
  alterTelemetry: (values) => ({ ...values, batteryLevel: -1 }),
}
