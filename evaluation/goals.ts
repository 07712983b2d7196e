/** Goals of a scorecard: detect everybody in danger, without unnecessary visits. */
import type { AlertKind } from '../model/severity.ts'
import type { Figures, RuleFigures } from './figures.ts'

export interface Goal {
  readonly name: string
  /** NaN: no data, so the goal is not reached. */
  readonly value: number
  readonly bound: { readonly atLeast: number } | { readonly atMost: number }
}

export function isReached({ value, bound }: Goal): boolean {
  return 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost
}

/** Fewer labelled faults give no meaningful recall. */
const MIN_LABELS = 30

/** The goals with their measured values, for a run over all rules. */
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
      name: 'false welfare visits per resident-month',
      value: falseVisitsPerResidentMonth,
      bound: { atMost: 0.2 },
    },
    {
      name: 'entrapment between floors, delay p95 (s)',
      value: entrapment?.delayP95 ?? Number.NaN,
      bound: { atMost: 50 },
    },
    {
      name: `rules with fewer than ${MIN_LABELS} labelled faults`,
      value: rules.filter(({ labelled }) => labelled < MIN_LABELS).length,
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
