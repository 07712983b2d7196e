/** The calendar day of an instant, in the local time of the device's site (UTC when unknown). */
import type { Scope } from '../../expression/scope.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

export interface LocalTime {
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

/** 0 = Monday … 6 = Sunday; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7

export const isWeekend = (day: number): boolean => weekdayOf(day) >= 5
