/** A smoke alarm in clean air: reports every two hours; tested about every six weeks. */
import { rounded } from '../random.ts'
import { type Behaviour, batteryAt, DAY, HOUR, MINUTE } from './behaviour.ts'

export interface SmokeState {
  readonly startedAt: number
  readonly battery: number
  /** Next time somebody presses the test button, ms. */
  readonly testAt: number
  readonly underTest: boolean
}

const EVERY = 2 * HOUR
const TEST_GAP = 40 * DAY

export const smoke: Behaviour<SmokeState> = {
  type: 'smoke',
  begin(_, { now, random }) {
    const state: SmokeState = {
      startedAt: now,
      battery: random.between(0.6, 1),
      testAt: now + random.exponential(TEST_GAP),
      underTest: false,
    }
    return { state, reports: true, events: [], nextAt: now + random.between(0.1, 1) * EVERY }
  },
  step(state, _, { now, random }) {
    const underTest = !state.underTest && now >= state.testAt
    const testAt = underTest ? now + random.exponential(TEST_GAP) : state.testAt
    const nextAt = underTest ? now + MINUTE : now + EVERY
    return { state: { ...state, underTest, testAt }, reports: true, events: [], nextAt }
  },
  values(state, _, { now, random }) {
    return {
      // A test sets `smoke` as a fire does.
      smoke: state.underTest,
      smoke_density: rounded(random.between(0, 0.02), 3),
      test: state.underTest,
      tamper: false,
      batteryLevel: batteryAt(state.battery, state.startedAt, now),
      rssi: random.int(-85, -60),
    }
  },
}
