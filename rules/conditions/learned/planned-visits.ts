/** Planned visits: times of the day in a device's `meta`, e.g. collection rounds at `06:00, 18:00`. Pure. */
import type { Scope } from '../../expression/scope.ts'
import { hourMs } from '../local-time.ts'

const dayHours = 24

/** Hours after local midnight, ascending; empty when the text is not a list of times. */
export function parseTimes(text: string): readonly number[] {
  const hours = text
    .split(/[\s,;、，]+/)
    .filter((part) => part !== '')
    .map(parseHour)
  return hours.includes(Number.NaN) ? [] : hours.toSorted((a, b) => a - b)
}

function parseHour(text: string): number {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? []
  const hour = Number(hours) + Number(minutes) / 60
  return Number(minutes) < 60 && hour < dayHours ? hour : Number.NaN
}

/**
 * Builds a function that gives the ms from `ts` until the next visit planned in the meta field `name`, or `fallback` when
 * the field or the location is unknown. A visit may take place up to `late` ms after its time; until then the result is 0.
 */
export function createTimeToVisit(
  name: string,
  late = 0,
): (scope: Scope, ts: number, fallback: number) => number {
  const parsed = new Map<string, readonly number[]>()
  return ({ meta, location }, ts, fallback) => {
    const text = meta[name]
    const now = location?.localHour(ts)
    if (typeof text !== 'string' || now === undefined) return fallback
    const times = parsed.get(text) ?? parseTimes(text)
    parsed.set(text, times)
    const first = times[0]
    if (first === undefined) return fallback
    const previous = times.findLast((hour) => hour <= now) ?? (times.at(-1) as number) - dayHours
    if ((now - previous) * hourMs < late) return 0
    const next = times.find((hour) => hour > now) ?? first + dayHours
    return (next - now) * hourMs
  }
}
