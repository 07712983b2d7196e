/** What got better and what got worse since the last scorecard. */
import type { Figures, RuleFigures } from './figures.ts'

interface Measure {
  readonly name: string
  readonly of: (rule: RuleFigures) => number | null
  readonly better: 'higher' | 'lower'
  /** Smaller differences say nothing. */
  readonly least: (before: number) => number
}

const measures: readonly Measure[] = [
  { name: 'recall', of: ({ recall }) => recall, better: 'higher', least: () => 0.005 },
  { name: 'precision', of: ({ precision }) => precision, better: 'higher', least: () => 0.005 },
  { name: 'delay p95 (s)', of: ({ delayP95 }) => delayP95, better: 'lower', least: (was) => 1 + was * 0.05 },
  { name: 'decoys that fooled it', of: ({ fooled }) => fooled, better: 'lower', least: () => 0.5 },
]

/** One line a difference; rules that are new or gone as well. */
export function compareFigures(before: Figures, now: Figures): string[] {
  const former = new Map(before.rules.map((rule) => [rule.ref, rule]))
  const current = new Set(now.rules.map(({ ref }) => ref))
  const gone = before.rules.filter(({ ref }) => !current.has(ref)).map(({ ref }) => `gone: ${ref}`)
  return [...now.rules.flatMap((rule) => differences(former.get(rule.ref), rule)), ...gone]
}

function differences(was: RuleFigures | undefined, is: RuleFigures): string[] {
  if (!was) return [`new: ${is.ref}`]
  return measures.flatMap(({ name, of, better, least }) => {
    const [a, b] = [of(was), of(is)]
    if (a === null || b === null || Math.abs(b - a) < least(a)) return []
    const word = b > a === (better === 'higher') ? 'better' : 'worse'
    return [`${word}: ${is.ref} ${name} ${a} -> ${b}`]
  })
}
