/** Numbers people say: `20260301-0007`, by the local day of the site. */
import type { RecordsTx } from '../model/ports/records.ts'

/** The local calendar day of `now` (ms), e.g. `20260301`. */
export function localDay(now: number, timeZone: string): string {
  const day = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate()
  return day.toString().replaceAll('-', '')
}

/** One counter per day; a day of more than 9999 cases simply gets longer numbers. */
export async function nextCaseNumber(tx: RecordsTx, now: number, timeZone: string): Promise<string> {
  const day = localDay(now, timeZone)
  return `${day}-${String(await tx.cases.nextNumber(day)).padStart(4, '0')}`
}
