/** A street light: on at night, counts hours and energy; reports every minute when lit, every five by day. */
import { hash32, rounded } from '../random.ts'
import { metaNumber } from '../subject.ts'
import { type Behaviour, HOUR, MINUTE } from './behaviour.ts'
import { dimLevel } from './night.ts'

export interface StreetlightState {
  readonly at: number
  readonly level: number
  readonly energyKwh: number
  readonly hours: number
  readonly switchOns: number
}

const LIT_EVERY = MINUTE
const DARK_EVERY = 5 * MINUTE
/** Power of the control gear while the lamp is off. */
const STANDBY_W = 0.4

export const streetlight: Behaviour<StreetlightState> = {
  type: 'streetlight',
  begin(subject, { now, local, random }) {
    const hours = random.int(2_000, 30_000)
    const level = dimLevel(subject, now, local)
    const energyKwh = rounded((hours * metaNumber(subject, 'powerRating', 60)) / 1000, 1)
    const state = { at: now, level, energyKwh, hours, switchOns: Math.round(hours / 11) }
    return { state, reports: true, events: [], nextAt: now + (level > 0 ? LIT_EVERY : DARK_EVERY) }
  },
  step(state, subject, { now, local }) {
    const level = dimLevel(subject, now, local)
    const passed = (now - state.at) / HOUR
    const watts = metaNumber(subject, 'powerRating', 60) * state.level
    const after: StreetlightState = {
      at: now,
      level,
      energyKwh: state.energyKwh + (watts * passed) / 1000,
      hours: state.hours + (state.level > 0 ? passed : 0),
      switchOns: state.switchOns + (state.level === 0 && level > 0 ? 1 : 0),
    }
    return { state: after, reports: true, events: [], nextAt: now + (level > 0 ? LIT_EVERY : DARK_EVERY) }
  },
  values(state, subject, { local, random }) {
    const lit = state.level > 0
    const rating = metaNumber(subject, 'powerRating', 60)
    const watts = lit ? rating * state.level * random.between(0.98, 1.02) : STANDBY_W
    // The voltage depends on the lamp's position on the circuit.
    const voltage = 226 + (hash32(subject.id) % 60) / 10 + random.between(-1, 1)
    const factor = lit ? 0.96 : 0.4
    const air = 14 + 7 * Math.sin(((local.hour - 9) / 12) * Math.PI)
    return {
      powerState: lit ? 'on' : 'off',
      status: 'ok',
      illuminanceLevel: state.level,
      powerConsumption: rounded(watts, 1),
      voltage: rounded(voltage, 1),
      current: rounded(watts / voltage / factor, 3),
      powerFactor: factor,
      activeEnergy: rounded(state.energyKwh, 3),
      operatingHours: rounded(state.hours, 2),
      switchOnCounter: state.switchOns,
      temperature: rounded(air + (lit ? 12 * state.level : 0) + random.between(-0.3, 0.3), 1),
    }
  },
}
