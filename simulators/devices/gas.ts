/** A gas alarm in a kitchen: reports every two minutes; a little gas when the stove is lit, never enough to alarm. */
import { rounded } from '../random.ts'
import { type Behaviour, MINUTE } from './behaviour.ts'

export interface GasState {
  /** % of the lower explosive limit. */
  readonly level: number
}

const EVERY = 2 * MINUTE
const MEALS = [7, 12, 18]

export const gas: Behaviour<GasState> = {
  type: 'gas',
  begin: (_, { now, random }) => ({
    state: { level: 0 },
    reports: true,
    events: [],
    nextAt: now + random.between(0.1, 1) * EVERY,
  }),
  step(state, _, { now, local, random }) {
    const isCooking = MEALS.some((hour) => local.hour >= hour && local.hour < hour + 0.7)
    const level = isCooking ? random.between(0, 2.5) : state.level * 0.5
    return { state: { level }, reports: true, events: [], nextAt: now + EVERY }
  },
  values: ({ level }, _, { random }) => ({
    gas: false,
    gas_value: rounded(level, 1),
    test: false,
    rssi: random.int(-80, -55),
  }),
}
