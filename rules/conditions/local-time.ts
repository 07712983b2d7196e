/** Local time of a device's site (UTC when unknown), for conditions with hours and days. */
import type { Scope } from '../expression/scope.ts'
import type { Subject } from './condition.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

interface LocalTime {
  /** Days since 1970-01-01 on the local calendar. */
  readonly day: number
  /** ms since local midnight; off by an hour on a day on which the zone changes its offset. */
  readonly ofDay: number
}

export function localTime({ location }: Scope, ts: number): LocalTime {
  const local = ts + (location?.offset(ts) ?? 0)
  const day = Math.floor(local / dayMs)
  return { day, ofDay: local - day * dayMs }
}

/** Saturday or Sunday; day 0 (1970-01-01) was a Thursday. */
export const isWeekend = (day: number): boolean => (((day + 3) % 7) + 7) % 7 >= 5

/** Local time minus UTC, ms. */
export const offsetOf = (subject: Subject, ts: number): number => subject.scope(0).location?.offset(ts) ?? 0

/** Hour of the day, 0-23. */
export const hourOfDay = (local: number): number => Math.floor((local % dayMs) / hourMs)

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** Local time for reasons, e.g. `03-01 04:12`. */
export function localText(subject: Subject, ts: number): string {
  const local = new Date(ts + offsetOf(subject, ts))
  const date = `${twoDigits(local.getUTCMonth() + 1)}-${twoDigits(local.getUTCDate())}`
  return `${date} ${twoDigits(local.getUTCHours())}:${twoDigits(local.getUTCMinutes())}`
}
