/** When somebody comes by next: planned times of the day, as a device's `meta` tells them, e.g. `06:00, 18:00`. Pure. */
import type { Scope } from '../../expression/scope.ts'

const dayHours = 24
const hourMs = 3_600_000

/** Hours after local midnight, in order; empty when it is no list of times. */
export function parseTimes(text: string): readonly number[] {
  const hours = text
    .split(/[\s,;、，]+/)
    .filter((part) => part !== '')
    .map(hourOf)
  return hours.includes(Number.NaN) ? [] : hours.toSorted((a, b) => a - b)
}

function hourOf(text: string): number {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? []
  const hour = Number(hours) + Number(minutes) / 60
  return Number(minutes) < 60 && hour < dayHours ? hour : Number.NaN
}

/**
 * ms from now until the next of the times in the meta field `name`; `otherwise` when nobody has told them. A round is under
 * way for `late` ms after its time, and until it must have been there the next one is not waited for: 0.
 */
export function createRounds(
  name: string,
  late = 0,
): (scope: Scope, ts: number, otherwise: number) => number {
  const known = new Map<string, readonly number[]>()
  return ({ meta, location }, ts, otherwise) => {
    const text = meta[name]
    const now = location?.localHour(ts)
    if (typeof text !== 'string' || now === undefined) return otherwise
    const times = known.get(text) ?? parseTimes(text)
    known.set(text, times)
    const first = times[0]
    if (first === undefined) return otherwise
    const former = times.findLast((hour) => hour <= now) ?? (times.at(-1) as number) - dayHours
    if ((now - former) * hourMs < late) return 0
    const next = times.find((hour) => hour > now) ?? first + dayHours
    return (next - now) * hourMs
  }
}
