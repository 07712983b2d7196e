/** How often each person may ask for what costs the hub more than an answer, whatever address they share. Pure. */

/** True when `key` (person and route) may ask once more in this minute; `now` in ms. */
export type Pace = (key: string, max: number, now: number) => boolean

const minuteMs = 60_000

/** Remembers one minute; what was asked in a minute that is over is forgotten as a whole. */
export function createPace(): Pace {
  const asked = new Map<string, number>()
  let minute = Number.NaN
  return (key, max, now) => {
    const current = Math.floor(now / minuteMs)
    if (current !== minute) asked.clear()
    minute = current
    const count = asked.get(key) ?? 0
    if (count >= max) return false
    asked.set(key, count + 1)
    return true
  }
}
