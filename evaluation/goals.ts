/** What the rules have to reach: everybody in danger is found, and nobody is visited for nothing. */
import type { AlertKind } from '../model/severity.ts'
import type { Figures, RuleFigures } from './figures.ts'

export interface Goal {
  readonly name: string
  /** NaN = nothing was measured, which reaches nothing. */
  readonly value: number
  readonly bound: { readonly atLeast: number } | { readonly atMost: number }
}

export function isReached({ value, bound }: Goal): boolean {
  return 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost
}

/** Faults of each rule, so that one missed is told from many. */
const FEWEST_LABELS = 30

/** For a run over all rules. */
export function goalsOf(figures: Figures): readonly Goal[] {
  const { rules, falseVisitsPerResidentMonth } = figures
  const all = (kind: AlertKind) => rules.filter((rule) => rule.kind === kind)
  const entrapment = rules.find(({ ref }) => ref === 'E1')
  return [
    { name: 'recall of safety rules', value: recall(all('safety')), bound: { atLeast: 1 } },
    { name: 'precision of safety rules', value: precision(all('safety')), bound: { atLeast: 0.95 } },
    { name: 'recall of welfare rules', value: recall(all('welfare')), bound: { atLeast: 0.98 } },
    { name: 'precision of welfare rules', value: precision(all('welfare')), bound: { atLeast: 0.95 } },
    {
      name: 'false welfare visits a resident-month',
      value: falseVisitsPerResidentMonth,
      bound: { atMost: 0.2 },
    },
    {
      name: 'entrapment between floors, delay p95 (s)',
      value: entrapment?.delayP95 ?? Number.NaN,
      bound: { atMost: 50 },
    },
    {
      name: `rules with fewer than ${FEWEST_LABELS} labelled faults`,
      value: rules.filter(({ labelled }) => labelled < FEWEST_LABELS).length,
      bound: { atMost: 0 },
    },
  ]
}

const sum = (rules: readonly RuleFigures[], of: (rule: RuleFigures) => number): number =>
  rules.reduce((total, rule) => total + of(rule), 0)
const recall = (rules: readonly RuleFigures[]): number =>
  sum(rules, ({ found }) => found) / sum(rules, ({ labelled }) => labelled)
const precision = (rules: readonly RuleFigures[]): number =>
  sum(rules, ({ right }) => right) / sum(rules, ({ right, wrong }) => right + wrong)
