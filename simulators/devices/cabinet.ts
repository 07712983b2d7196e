/** A lighting cabinet: the power of its circuit on three phases, reported once a minute. */
import { rounded } from '../random.ts'
import { metaNumber } from '../subject.ts'
import { type Behaviour, HOUR, MINUTE } from './behaviour.ts'
import { dimLevel } from './night.ts'

export interface CabinetState {
  readonly at: number
  readonly kilowatts: number
  readonly energyKwh: number
}

const EVERY = MINUTE
/** Power of one lamp at full level, and of the cabinet's own controls. */
const LAMP_W = 60
const OWN_W = 12
const phases = ['R', 'S', 'T'] as const

export const cabinet: Behaviour<CabinetState> = {
  type: 'cabinet',
  begin(subject, { now, local, random }) {
    const kilowatts = circuitKw(metaNumber(subject, 'lamps', 8), dimLevel(subject, now, local))
    const state = { at: now, kilowatts, energyKwh: random.int(3_000, 60_000) }
    return { state, reports: true, events: [], nextAt: now + EVERY }
  },
  step(state, subject, { now, local }) {
    const kilowatts = circuitKw(metaNumber(subject, 'lamps', 8), dimLevel(subject, now, local))
    const energyKwh = state.energyKwh + (state.kilowatts * (now - state.at)) / HOUR
    return { state: { at: now, kilowatts, energyKwh }, reports: true, events: [], nextAt: now + EVERY }
  },
  values(state, _, { random }) {
    const values: Record<string, number | string> = {
      workingMode: 'automatic',
      energyConsumed: rounded(state.energyKwh, 3),
    }
    for (const phase of phases) {
      const kilowatts = (state.kilowatts / phases.length) * random.between(0.97, 1.03)
      const voltage = random.between(228, 232)
      values[`activePower${phase}`] = rounded(kilowatts, 4)
      values[`voltage${phase}`] = rounded(voltage, 1)
      values[`intensity${phase}`] = rounded((kilowatts * 1000) / voltage / 0.96, 3)
      values[`powerFactor${phase}`] = 0.96
    }
    return values
  },
}

const circuitKw = (lamps: number, level: number): number => (lamps * LAMP_W * level + OWN_W) / 1000
