/** Local time of a subject, for conditions with hours and days. */
import type { Subject } from '../condition.ts'

const hourMs = 3_600_000
const dayMs = 86_400_000

/** Local time minus UTC, ms; 0 when the zone is unknown. */
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
