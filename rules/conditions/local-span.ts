/** The hour and the day an instant belongs to, on the calendar of the device's site (UTC when nobody knows it). */
import type { Scope } from '../expression/scope.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

export interface LocalSpan {
  /** Days since 1970-01-01 on the local calendar. */
  readonly day: number
  /** Whole hours since local midnight, 0-23. */
  readonly hour: number
  /** Event time (ms) at which the hour began; half an hour later than the zone's when it changes its offset then. */
  readonly hourFrom: number
  /** Event time (ms) at which the day began; an hour off on a day on which the zone changes its offset. */
  readonly dayFrom: number
}

export function localSpan({ location }: Scope, ts: number): LocalSpan {
  const local = ts + (location?.offset(ts) ?? 0)
  const day = Math.floor(local / dayMs)
  const ofDay = local - day * dayMs
  const hour = Math.floor(ofDay / hourMs)
  return { day, hour, hourFrom: ts - (ofDay - hour * hourMs), dayFrom: ts - ofDay }
}

/** 0 = Monday … 6 = Sunday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7
