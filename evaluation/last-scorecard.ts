/** The last saved scorecard (`docs/scorecard.json` and `docs/scorecard.md`), and its differences from a new one. */
import { readFileSync, writeFileSync } from 'node:fs'
import { type Figures, type RuleFigures, scorecardFigures } from './figures.ts'
import { pageOf } from './page.ts'

const docs = new URL('../docs/', import.meta.url)
const file = new URL('scorecard.json', docs)

/** The saved figures; undefined if there are none or they have another format. */
export function lastFigures(): Figures | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  return scorecardFigures.safeParse(JSON.parse(text)).data
}

/** Writes JSON and Markdown; one line per rule, so that a diff shows which rule changed. */
export function saveFigures(figures: Figures): void {
  const { rules, ...run } = figures
  const head = JSON.stringify(run, null, 2).slice(0, -2)
  const lines = rules.map((rule) => `    ${JSON.stringify(rule)}`).join(',\n')
  writeFileSync(file, `${head},\n  "rules": [\n${lines}\n  ]\n}\n`)
  writeFileSync(new URL('scorecard.md', docs), pageOf(figures))
}

interface Measure {
  readonly name: string
  readonly of: (rule: RuleFigures) => number | null
  readonly better: 'higher' | 'lower'
  /** Smaller differences are noise. */
  readonly minChange: (before: number) => number
}

const measures: readonly Measure[] = [
  { name: 'recall', of: ({ recall }) => recall, better: 'higher', minChange: () => 0.005 },
  { name: 'precision', of: ({ precision }) => precision, better: 'higher', minChange: () => 0.005 },
  {
    name: 'delay p95 (s)',
    of: ({ delayP95 }) => delayP95,
    better: 'lower',
    minChange: (was) => 1 + was * 0.05,
  },
  { name: 'false alerts on decoys', of: ({ fooled }) => fooled, better: 'lower', minChange: () => 0.5 },
]

/** One line per difference, including rules that were added or removed. */
export function compareFigures(before: Figures, now: Figures): string[] {
  const previous = new Map(before.rules.map((rule) => [rule.ref, rule]))
  const current = new Set(now.rules.map(({ ref }) => ref))
  const removed = before.rules.filter(({ ref }) => !current.has(ref)).map(({ ref }) => `removed: ${ref}`)
  return [...now.rules.flatMap((rule) => differences(previous.get(rule.ref), rule)), ...removed]
}

function differences(was: RuleFigures | undefined, is: RuleFigures): string[] {
  if (!was) return [`new: ${is.ref}`]
  return measures.flatMap(({ name, of, better, minChange }) => {
    const [a, b] = [of(was), of(is)]
    if (a === null || b === null || Math.abs(b - a) < minChange(a)) return []
    const word = b > a === (better === 'higher') ? 'better' : 'worse'
    return [`${word}: ${is.ref} ${name} ${a} -> ${b}`]
  })
}
