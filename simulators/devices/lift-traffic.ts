/** Lift calls by the hour and the day of the week. */
import type { LocalTime } from '../local-time.ts'
import type { Random } from '../random.ts'
import { type BehaviourOverride, HOUR, MINUTE } from './behaviour.ts'

export interface NextCall {
  readonly until: number
  /** False when there is no call by then. */
  readonly called: boolean
}

/** The rate changes with the hour, so the next call is drawn anew after this time. */
const MAX_WAIT = 15 * MINUTE

/** The next call after `now`, or the end of a time without one. `usage` = 1 for a lift of average use. */
export function nextCall(
  usage: number,
  context: {
    readonly now: number
    readonly local: LocalTime
    readonly random: Random
    readonly overrides: ReadonlySet<BehaviourOverride>
  },
): NextCall {
  const { now, local, random, overrides } = context
  const canBeCalled = !overrides.has('no-calls') && !overrides.has('out-of-service')
  const rate = usage * callsPerHour(local) * trafficFactorOf(overrides)
  const wait = canBeCalled ? random.exponential(HOUR / rate) : Number.POSITIVE_INFINITY
  return wait > MAX_WAIT ? { until: now + MAX_WAIT, called: false } : { until: now + wait, called: true }
}

function trafficFactorOf(overrides: ReadonlySet<BehaviourOverride>): number {
  if (overrides.has('holiday')) return 0.55
  return overrides.has('crowded') ? 6 : 1
}

/** Quiet nights, a morning and an evening peak; later and flatter at the weekend. */
function callsPerHour({ day, hour }: LocalTime): number {
  if (hour < 6) return 0.7
  if (isWeekend(day)) return hour < 9 ? 6 : hour < 21 ? 9 : 4
  if (hour < 9) return 14
  if (hour < 17) return 7
  if (hour < 20) return 16
  return hour < 23 ? 6 : 2
}

/** `day`: days since 1970-01-01, which was a Thursday. */
export function isWeekend(day: number): boolean {
  const weekday = (day + 4) % 7
  return weekday === 0 || weekday === 6
}
