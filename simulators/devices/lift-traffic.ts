/** How often somebody calls a lift, by the hour and the day of the week. */
import type { LocalTime } from '../local-time.ts'
import type { Random } from '../random.ts'
import { type Circumstance, HOUR, MINUTE } from './behaviour.ts'

export interface Wait {
  readonly until: number
  /** False when nobody has called by then. */
  readonly called: boolean
}

/** The rate changes with the hour, so nobody is waited for longer than this at once. */
const LOOK_AGAIN = 15 * MINUTE

/** When the next call comes after `now`, or until when none has come. `usual` = 1 for a lift of average use. */
export function nextCall(
  usual: number,
  moment: {
    readonly now: number
    readonly local: LocalTime
    readonly random: Random
    readonly circumstances: ReadonlySet<Circumstance>
  },
): Wait {
  const { now, local, random, circumstances } = moment
  const anybody = !circumstances.has('uncalled') && !circumstances.has('out-of-service')
  const rate = usual * callsPerHour(local) * crowd(circumstances)
  const wait = anybody ? random.wait(HOUR / rate) : Number.POSITIVE_INFINITY
  return wait > LOOK_AGAIN ? { until: now + LOOK_AGAIN, called: false } : { until: now + wait, called: true }
}

function crowd(circumstances: ReadonlySet<Circumstance>): number {
  if (circumstances.has('holiday')) return 0.55
  return circumstances.has('crowded') ? 6 : 1
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
