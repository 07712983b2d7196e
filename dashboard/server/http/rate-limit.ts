/** Requests per user and minute for expensive routes, independent of the address. Pure. */

/** True when `key` (user and route) is allowed one more request in this minute; `now` in ms. */
export type RateLimit = (key: string, max: number, now: number) => boolean

const minuteMs = 60_000

/** Fixed window of one minute: all counts are reset when the minute changes, also backwards. */
export function createRateLimit(): RateLimit {
  const counts = new Map<string, number>()
  let minute = Number.NaN
  return (key, max, now) => {
    const current = Math.floor(now / minuteMs)
    if (current !== minute) counts.clear()
    minute = current
    const count = counts.get(key) ?? 0
    if (count >= max) return false
    counts.set(key, count + 1)
    return true
  }
}
