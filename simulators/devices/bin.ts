/** A waste bin: fills by the hour of the day, is emptied on the morning and evening round; reports every 15 min. */
import { hash32, rounded } from '../random.ts'
import { metaNumber } from '../subject.ts'
import { type Behaviour, batteryAt, HOUR, MINUTE } from './behaviour.ts'

export interface BinState {
  readonly startedAt: number
  readonly battery: number
  readonly at: number
  readonly level: number
  /** Level increase on a usual day, 0-1. */
  readonly perDay: number
  /** Next collection round, in hours: local day x 24 + hour. */
  readonly nextRound: number
}

const EVERY = 15 * MINUTE
const ROUNDS = [6, 18] as const
/** The round skips bins below this level; those never fill up before the next round. */
const WORTH_EMPTYING = 0.3
/** Level increase a day: on a market day, and of an unused bin. */
const OVERUSED = 1.7
const UNUSED = 0.02
const DEPTH_MM = 1200

export const bin: Behaviour<BinState> = {
  type: 'bin',
  begin(subject, { now, local, random }) {
    const state: BinState = {
      startedAt: now,
      battery: random.between(0.6, 1),
      at: now,
      level: random.between(0.05, 0.4),
      // Fixed by the id, so that a place is always busy or always quiet.
      perDay: 0.2 + (hash32(subject.id) % 31) / 100,
      nextRound: roundAfter(local.day * 24 + local.hour),
    }
    return { state, reports: true, events: [], nextAt: now + random.between(0.2, 1) * EVERY }
  },
  step(state, _, { now, local, random, overrides }) {
    const hours = (now - state.at) / HOUR
    const unused = overrides.has('unused')
    const perDay = overrides.has('overused') ? OVERUSED : unused ? UNUSED : state.perDay
    const increase = (perDay / 24) * hours * weight(local.hour) * random.between(0.6, 1.4)
    const level = Math.min(1, state.level + increase)
    const hour = local.day * 24 + local.hour
    const skipped = overrides.has('uncollected') || unused
    const visited = hour >= state.nextRound && !skipped
    const emptied = visited && level >= WORTH_EMPTYING
    const after: BinState = {
      ...state,
      at: now,
      level: emptied ? random.between(0.01, 0.04) : level,
      nextRound: visited ? roundAfter(hour) : state.nextRound,
    }
    return { state: after, reports: true, events: emptied ? ['emptied'] : [], nextAt: now + EVERY }
  },
  values(state, subject, { now, local, random }) {
    const level = rounded(state.level, 2)
    const air = 15 + 8 * Math.sin(((local.hour - 9) / 12) * Math.PI)
    return {
      ...fill(level),
      cargoWeight: rounded(level * metaNumber(subject, 'binCapacity', 240) * 0.12, 1),
      temperature: rounded(air + random.between(-0.4, 0.4), 1),
      position: 'normal',
      status: 'ok',
      batteryLevel: batteryAt(state.battery, state.startedAt, now),
      rssi: random.int(-108, -88),
    }
  },
}

/** Fields of the level sensor at a level of 0-1. */
export function fill(level: number): { fillingLevel: number; distance: number } {
  return { fillingLevel: level, distance: Math.round(60 + DEPTH_MM * (1 - level)) }
}

/** Fill rate by hour: low at night, highest around meals; the daily mean is about 1. */
function weight(hour: number): number {
  if (hour < 6) return 0.2
  if (hour < 9) return 1.6
  if (hour < 17) return 1.1
  return hour < 21 ? 1.9 : 0.7
}

function roundAfter(hour: number): number {
  const day = Math.floor(hour / 24) * 24
  return ROUNDS.map((round) => day + round).find((round) => round > hour) ?? day + 24 + ROUNDS[0]
}
