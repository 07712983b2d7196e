/** Switching times of the last days, by clock and by sun elevation, and the distance of a new one from them. Pure. */
import type { Location } from '../../expression/location.ts'
import { median } from '../robust.ts'

export const minuteMs = 60_000
const dayMinutes = 1440

/** One switching: minutes since local midnight, and the sun's elevation in degrees (null = unknown). */
export type SwitchTime = readonly [minute: number, elevation: number | null]

export interface LocatedTime {
  readonly location: Location | undefined
  /** Event time, ms. */
  readonly ts: number
}

export function switchTime({ location, ts }: LocatedTime): SwitchTime {
  const hour = location?.localHour(ts) ?? (ts / 3_600_000) % 24
  const elevation = location?.sunElevation(ts)
  return [Math.round(hour * 60), elevation === undefined ? null : Math.round(elevation * 100) / 100]
}

/** Minutes after the median of the usual clock times, -720 to 720; negative = earlier. `undefined` without any. */
export function minutesLate(usual: readonly SwitchTime[], [minute]: SwitchTime): number | undefined {
  const first = usual[0]?.[0]
  if (first === undefined) return undefined
  const middle = median(usual.map(([other]) => wrapMinutes(other - first)))
  return middle === undefined ? undefined : Math.round(wrapMinutes(minute - first - middle))
}

/** True when the sun reaches the usual elevation within `tolerance` (ms): the season explains the shift. */
export function followsSun(
  usual: readonly SwitchTime[],
  { location, ts }: LocatedTime,
  tolerance: number,
): boolean {
  const elevations = usual.flatMap(([, elevation]) => elevation ?? [])
  const elevation = elevations.length < usual.length ? undefined : median(elevations)
  const before = location?.sunElevation(ts - tolerance)
  const after = location?.sunElevation(ts + tolerance)
  if (elevation === undefined || before === undefined || after === undefined) return false
  return elevation >= Math.min(before, after) && elevation <= Math.max(before, after)
}

/** Wraps a difference to half a day: 00:30 is 40 min after 23:50. */
function wrapMinutes(minutes: number): number {
  const wrapped = (((minutes + dayMinutes / 2) % dayMinutes) + dayMinutes) % dayMinutes
  return wrapped - dayMinutes / 2
}
