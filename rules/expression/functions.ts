/** The functions of the rule language. Unknown arguments give an unknown result. Pure; generated code calls them by name. */
import type { Scope, Value } from './scope.ts'

/** Signatures for the CEL type check; whole numbers may be written as 22 or 22.0. */
export const timeSignatures: readonly string[] = [
  'localHour(): double',
  'dayOfWeek(): dyn',
  'sunElevation(): double',
  ...['double', 'int'].flatMap((from) => ['double', 'int'].map((to) => `between(${from}, ${to}): bool`)),
]

/** Time of day, day of the week and sun elevation, at the place of the device and the time of the reading. */
export const timeFunctions = {
  localHour: ({ location, now }: Scope): Value => location?.localHour(now),
  dayOfWeek: ({ location, now }: Scope): Value => location?.dayOfWeek(now),
  sunElevation: ({ location, now }: Scope): Value => location?.sunElevation(now),
  between({ location, now }: Scope, from: Value, to: Value): Value {
    const hour = location?.localHour(now)
    if (hour === undefined || typeof from !== 'number' || typeof to !== 'number') return undefined
    return from <= to ? hour >= from && hour < to : hour >= from || hour < to
  },
}

export const isTimeFunction = (name: string): boolean => Object.hasOwn(timeFunctions, name)

/** Absorbs binary rounding: 1 - 0.7 counts as a difference of 0.3. */
const rounding = 1e-9

/** Functions that compare the reading with the one before. `elapsed`: ms since the value before. */
export const changeFunctions = {
  changed: (now: Value, before: Value): Value =>
    now === undefined || before === undefined ? undefined : now !== before,
  grew: (now: Value, before: Value): Value =>
    now === undefined || before === undefined ? undefined : now > before,
  fell(now: Value, before: Value, by: Value): Value {
    if (typeof now !== 'number' || typeof before !== 'number' || typeof by !== 'number') return undefined
    return before - now >= by - rounding
  },
  /** Unknown when the value before is older than `within` seconds: the rise may have been slow. */
  rose(now: Value, before: Value, by: Value, elapsed: number, within: Value): Value {
    if (typeof now !== 'number' || typeof before !== 'number') return undefined
    if (typeof by !== 'number' || typeof within !== 'number') return undefined
    if (now - before < by - rounding) return false
    return elapsed <= within * 1000 ? true : undefined
  },
}

export const absoluteValue = (value: Value): Value =>
  typeof value === 'number' ? Math.abs(value) : undefined

/** NaN is unknown. */
export const knownOrUndefined = (value: Value): Value =>
  typeof value === 'number' && Number.isNaN(value) ? undefined : value

/** A list with an unknown item is unknown. */
export const allKnown = (values: readonly Value[]): readonly Value[] | undefined =>
  values.includes(undefined) ? undefined : values
