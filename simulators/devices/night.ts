/** When street lights are on: from sunset to sunrise at their place, dimmed late at night. */
import { getPosition } from 'suncalc'
import type { LocalTime } from '../local-time.ts'
import type { Subject } from '../subject.ts'

type Place = Pick<Subject, 'latitude' | 'longitude'>

const HALF_HOUR_MS = 1_800_000
/** The sun's upper edge is at the horizon when its centre is 0.833 degrees below. */
const HORIZON_DEGREES = -0.833

/** True between sunset and sunrise at a place. `now`: ms. */
export function isNight({ latitude, longitude }: Place, now: number): boolean {
  return getPosition(new Date(now), latitude, longitude).altitude < HORIZON_DEGREES
}

/** True when it is night (or day) during the whole span, checked every half hour. */
export function isAlways(night: boolean, place: Place, { from, to }: { from: number; to: number }): boolean {
  for (let at = from; at < to; at += HALF_HOUR_MS) if (isNight(place, at) !== night) return false
  return isNight(place, to) === night
}

/** Dim level of lamps, 0-1; 0 = off. */
export function dimLevel(place: Place, now: number, { hour }: LocalTime): number {
  if (!isNight(place, now)) return 0
  return hour >= 23 || hour < 5 ? 0.6 : 1
}
