/** Small sums that tests of recordings need. */

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const high = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2
}

/** Differences of neighbours, in hours. */
export function hoursBetween(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => (time - (times[index] ?? Number.NaN)) / 3600_000)
}

/** `YYYY-MM-DD` and hour of a wall clock. */
export function localParts(at: number, timeZone: string): { readonly day: string; readonly hour: number } {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)
  return { day: local.toPlainDate().toString(), hour: local.hour }
}
