/** The local time of a subject, for conditions that know hours and days. */
import type { Subject } from '../condition.ts'

const hourMs = 3_600_000
const dayMs = 86_400_000

/** Local time minus UTC, ms; 0 where the zone is not known. */
export const offsetOf = (subject: Subject, ts: number): number => subject.scope(0).location?.offset(ts) ?? 0

/** Hour of the day, 0-23. */
export const hourOfDay = (local: number): number => Math.floor((local % dayMs) / hourMs)

const two = (value: number): string => String(value).padStart(2, '0')

/** `03-01 04:12` of the local calendar, as people read it in a reason. */
export function localText(subject: Subject, ts: number): string {
  const local = new Date(ts + offsetOf(subject, ts))
  const date = `${two(local.getUTCMonth() + 1)}-${two(local.getUTCDate())}`
  return `${date} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`
}
