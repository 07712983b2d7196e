/** Words for the time of day, the day of the week and the sun, at the place of the device and the time of the reading. */
import type { Evaluate, Scope, Value } from './scope.ts'

type Work = (scope: Scope, args: readonly Evaluate[]) => Value

/** How the type check knows them. Whole numbers may be written as 22 or 22.0. */
export const timeSignatures: readonly string[] = [
  'localHour(): double',
  'dayOfWeek(): dyn',
  'sunElevation(): double',
  ...['double', 'int'].flatMap((from) => ['double', 'int'].map((to) => `between(${from}, ${to}): bool`)),
]

const words: Readonly<Record<string, Work>> = {
  localHour: ({ location, now }) => location?.localHour(now),
  dayOfWeek: ({ location, now }) => location?.dayOfWeek(now),
  sunElevation: ({ location, now }) => location?.sunElevation(now),
  between(scope, [from, to]) {
    const hour = scope.location?.localHour(scope.now)
    const begin = from?.(scope)
    const end = to?.(scope)
    if (hour === undefined || typeof begin !== 'number' || typeof end !== 'number') return undefined
    return begin <= end ? hour >= begin && hour < end : hour >= begin || hour < end
  },
}

export const isTimeWord = (name: string): boolean => Object.hasOwn(words, name)

/** The word as a closure; `args` are compiled already. */
export function timeWord(name: string, args: readonly Evaluate[]): Evaluate {
  const work = words[name] as Work
  return (scope) => work(scope, args)
}
