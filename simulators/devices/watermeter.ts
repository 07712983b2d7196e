/** A water meter of a home: it counts while its resident is in the kitchen or the bathroom; a message every half hour. */
import { rounded } from '../random.ts'
import { type Behaviour, batteryAt, MINUTE, type Moment, type Stepped } from './behaviour.ts'
import { nextChange, type Today, todayOf, type Whereabouts, whereabouts } from './whereabouts.ts'

export interface WatermeterState {
  readonly startedAt: number
  readonly battery: number
  readonly today: Today
  /** Where the resident is since when; water before that is in `litres`. */
  readonly place: Whereabouts
  readonly since: number
  readonly litres: number
  readonly speakAt: number
}

const EVERY = 30 * MINUTE
/** Litres a minute. */
const flows: Partial<Record<Whereabouts, number>> = { bathroom: 3, kitchen: 1.5 }

export const watermeter: Behaviour<WatermeterState> = {
  type: 'watermeter',
  begin(subject, moment) {
    const { now, random } = moment
    const today = todayOf(undefined, subject, moment)
    const state: WatermeterState = {
      startedAt: now,
      battery: random.between(0.6, 1),
      today,
      place: whereabouts(today, subject, moment),
      since: now,
      litres: random.int(10_000, 90_000),
      speakAt: now + random.between(0.1, 1) * EVERY,
    }
    return said(state, nextChange(today, subject, moment), true)
  },
  step(state, subject, moment) {
    const today = todayOf(state.today, subject, moment)
    const place = whereabouts(today, subject, moment)
    const speaks = moment.now >= state.speakAt
    const speakAt = speaks ? moment.now + EVERY : state.speakAt
    const next = { ...state, today, place, since: moment.now, litres: litresAt(state, moment), speakAt }
    return said(next, nextChange(today, subject, moment), speaks)
  },
  values: (state, _, moment) => ({
    waterConsumption: rounded(litresAt(state, moment), 1),
    batteryLevel: batteryAt(state.battery, state.startedAt, moment.now),
    rssi: moment.random.int(-85, -60),
  }),
}

const litresAt = ({ litres, place, since }: WatermeterState, { now }: Moment): number =>
  litres + ((flows[place] ?? 0) * (now - since)) / MINUTE

function said(state: WatermeterState, changeAt: number, speaks: boolean): Stepped<WatermeterState> {
  return { state, speaks, events: [], nextAt: Math.min(state.speakAt, changeAt) }
}
