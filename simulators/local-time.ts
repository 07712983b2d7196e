/** Hour of the day and day number in a time zone, cheap enough to call at every step. */

export interface LocalTime {
  /** Days since 1970-01-01 on the local calendar. */
  readonly day: number
  /** 0 <= hour < 24, with its fraction. */
  readonly hour: number
}

const QUARTER_MS = 900_000
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** Local time of a zone (IANA name). Offsets change at whole quarters of an hour, so one look-up a quarter is enough. */
export function localTimeOf(timeZone: string): (now: number) => LocalTime {
  let quarter = Number.NaN
  let offset = 0
  return (now) => {
    const current = Math.floor(now / QUARTER_MS)
    if (current !== quarter) {
      quarter = current
      const zoned = Temporal.Instant.fromEpochMilliseconds(current * QUARTER_MS).toZonedDateTimeISO(timeZone)
      offset = zoned.offsetNanoseconds / 1e6
    }
    const local = now + offset
    const day = Math.floor(local / DAY_MS)
    return { day, hour: (local - day * DAY_MS) / HOUR_MS }
  }
}
