/** A battery that loses in four weeks what should last for years, changed before it is empty. */
import { DAY, HOUR } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

const EMPTY_AFTER = 26 * DAY

export const batteryDraining: Fault = {
  name: 'battery-draining',
  ref: 'D2',
  deviceTypes: ['bin', 'door', 'motion', 'smoke', 'waterleak', 'watermeter'],
  reach: 'device',
  lasts: [20 * DAY, 23 * DAY],
  // Foreseen two weeks before it is empty, at the earliest from two weeks of readings.
  raisedWithin: 18 * DAY,
  learns: 14 * DAY,
  every: 12 * HOUR,
  shape(values, { elapsed }) {
    const usual = typeof values.batteryLevel === 'number' ? values.batteryLevel : 0.8
    return { ...values, batteryLevel: Math.round(usual * (1 - elapsed / EMPTY_AFTER) * 100) / 100 }
  },
}
