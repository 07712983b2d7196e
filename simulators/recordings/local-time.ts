/** Converts local wall-clock times to UTC. Wall-clock times are given in ms as if they were UTC. */

export interface LocalTime {
  readonly at: number
  /**
   * `nonexistent-local-time`: skipped when the clocks went forward, read as the same time after the change;
   * `ambiguous-local-time`: occurs twice when the clocks went back, read as the first.
   */
  readonly problem?: 'nonexistent-local-time' | 'ambiguous-local-time'
}

/** Clocks change at whole quarters of an hour, so one result is cached per quarter. */
const QUARTER_MS = 15 * 60_000

/** Returns a converter from wall clock (ms) to UTC for one zone (IANA name). */
export function createWallClock(timeZone: string): (wall: number) => LocalTime {
  const quarters = new Map<number, { readonly shift: number; readonly doubt?: LocalTime['problem'] }>()
  return (wall) => {
    const quarter = Math.floor(wall / QUARTER_MS) * QUARTER_MS
    let known = quarters.get(quarter)
    if (!known) {
      const { at, problem: doubt } = resolve(quarter, timeZone)
      known = { shift: at - quarter, doubt }
      quarters.set(quarter, known)
    }
    return { at: wall + known.shift, problem: known.doubt }
  }
}

function resolve(wall: number, timeZone: string): LocalTime {
  const plain = Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO('UTC').toPlainDateTime()
  const earlier = plain.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  const later = plain.toZonedDateTime(timeZone, { disambiguation: 'later' })
  if (earlier.epochMilliseconds === later.epochMilliseconds) return { at: earlier.epochMilliseconds }
  return earlier.toPlainDateTime().equals(plain)
    ? { at: earlier.epochMilliseconds, problem: 'ambiguous-local-time' }
    : { at: later.epochMilliseconds, problem: 'nonexistent-local-time' }
}

const isoLocal = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)$/
const dayFirst = /^(\d\d)-(\d\d)-(\d{4})$/
const american = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d):(\d\d):(\d\d) (AM|PM)$/

/** `2016-06-03 13:23:26`; undefined for an invalid date or time. */
export function parseIsoWall(text: string): number | undefined {
  const match = isoLocal.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number)
  return wallTime(year, month, day, hour, minute, second)
}

/** `13-08-2018` (day first): midnight of that day. */
export function parseDayFirst(text: string): number | undefined {
  const match = dayFirst.exec(text)
  if (!match) return undefined
  const [day, month, year] = match.slice(1).map(Number)
  return wallTime(year, month, day)
}

/** `01/16/2015 08:30:00 PM` (month first). */
export function parseAmericanWall(text: string): number | undefined {
  const match = american.exec(text)
  if (!match) return undefined
  const [month, day, year, hour = 0, minute, second] = match.slice(1, 7).map(Number)
  if (hour < 1 || hour > 12) return undefined
  return wallTime(year, month, day, (hour % 12) + (match[7] === 'PM' ? 12 : 0), minute, second)
}

/** Years outside 1970-2100, e.g. 0016, are typing errors. */
function wallTime(year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0): number | undefined {
  if (hour > 23 || minute > 59 || second > 59 || year < 1970 || year > 2100) return undefined
  const wall = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  return wall.getUTCMonth() === month - 1 && wall.getUTCDate() === day ? wall.getTime() : undefined
}
