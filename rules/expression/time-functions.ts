/** Words for the time of day, the day of the week and the sun, at the place of the device and the time of the reading. */
import type { Scope, Value } from './scope.ts'

/** How the type check knows them. Whole numbers may be written as 22 or 22.0. */
export const timeSignatures: readonly string[] = [
  'localHour(): double',
  'dayOfWeek(): dyn',
  'sunElevation(): double',
  ...['double', 'int'].flatMap((from) => ['double', 'int'].map((to) => `between(${from}, ${to}): bool`)),
]

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
