/** When something was switched in the last days, by the clock and by the sun, and how far a new time is from that. Pure. */
import type { Location } from '../../expression/location.ts'
import { median } from '../robust.ts'

export const minuteMs = 60_000
const dayMinutes = 1440

/** One switching: minutes since local midnight, and the height of the sun then in degrees (null = not known). */
export type SwitchTime = readonly [minute: number, elevation: number | null]

export interface Place {
  readonly location: Location | undefined
  /** Event time, ms. */
  readonly ts: number
}

export function switchTime({ location, ts }: Place): SwitchTime {
  const hour = location?.localHour(ts) ?? (ts / 3_600_000) % 24
  const elevation = location?.sunElevation(ts)
  return [Math.round(hour * 60), elevation === undefined ? null : Math.round(elevation * 100) / 100]
}

/** Minutes after the usual time by the clock; negative = before it. At most half a day. */
export function minutesLate(usual: readonly SwitchTime[], [minute]: SwitchTime): number | undefined {
  const first = usual[0]?.[0]
  if (first === undefined) return undefined
  const middle = median(usual.map(([other]) => around(other - first)))
  return middle === undefined ? undefined : Math.round(around(minute - first - middle))
}

/** The sun stands, within `tolerance` (ms) before or after, as high as usual: the season has moved the time, nobody else. */
export function followsSun(
  usual: readonly SwitchTime[],
  { location, ts }: Place,
  tolerance: number,
): boolean {
  const heights = usual.flatMap(([, elevation]) => elevation ?? [])
  const height = heights.length < usual.length ? undefined : median(heights)
  const before = location?.sunElevation(ts - tolerance)
  const after = location?.sunElevation(ts + tolerance)
  if (height === undefined || before === undefined || after === undefined) return false
  return height >= Math.min(before, after) && height <= Math.max(before, after)
}

/** Half past midnight is 40 min after ten to. */
function around(minutes: number): number {
  const turned = (((minutes + dayMinutes / 2) % dayMinutes) + dayMinutes) % dayMinutes
  return turned - dayMinutes / 2
}
