/** A water leak sensor under a sink: dry, reports every four hours. */
import { type Behaviour, batteryAt, HOUR } from './behaviour.ts'

export interface WaterleakState {
  readonly startedAt: number
  readonly battery: number
}

const EVERY = 4 * HOUR

export const waterleak: Behaviour<WaterleakState> = {
  type: 'waterleak',
  begin: (_, { now, random }) => ({
    state: { startedAt: now, battery: random.between(0.6, 1) },
    reports: true,
    events: [],
    nextAt: now + random.between(0.1, 1) * EVERY,
  }),
  step: (state, _, { now }) => ({ state, reports: true, events: [], nextAt: now + EVERY }),
  values: (state, _, { now, random }) => ({
    water_leak: false,
    test: false,
    tamper: false,
    batteryLevel: batteryAt(state.battery, state.startedAt, now),
    rssi: random.int(-85, -60),
  }),
}
