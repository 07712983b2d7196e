/** A battery that drains in four weeks instead of years, replaced before it is empty. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

const EMPTY_AFTER = 26 * DAY

export const batteryDraining: Fault = {
  name: 'battery-draining',
  ref: 'D2',
  deviceTypes: ['bin', 'door', 'motion', 'smoke', 'waterleak', 'watermeter'],
  affects: 'device',
  duration: [20 * DAY, 23 * DAY],
  // Predicted two weeks before it is empty, from at least two weeks of readings.
  raiseWithin: 18 * DAY,
  minHistory: 14 * DAY,
  reportEvery: 12 * HOUR,
  alterTelemetry(values, { elapsed }) {
    const usual = typeof values.batteryLevel === 'number' ? values.batteryLevel : 0.8
    return { ...values, batteryLevel: Math.round(usual * (1 - elapsed / EMPTY_AFTER) * 100) / 100 }
  },
}
