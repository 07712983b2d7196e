/** Compares what was told with what was planned: pure, rule by rule. */
import type { AlertKind } from '../model/severity.ts'
import type { PlannedFault } from '../simulators/plan.ts'
import { type Label, labelFinder, labelsOf, type Planned } from './labels.ts'
import type { Measured, RuleScore, Told } from './measured.ts'

/** Why an alert counts as it does. */
export type Verdict =
  | { readonly kind: 'right' | 'following'; readonly planned: PlannedFault }
  | { readonly kind: 'held' | 'brought' }
  | {
      readonly kind: 'wrong'
      readonly decoy: PlannedFault | undefined
      /** Something else that was on then. */
      readonly beside: PlannedFault | undefined
    }

export interface Judged {
  readonly told: Told
  readonly verdict: Verdict
}

/** What became of one planned fault or decoy. */
export interface Outcome {
  readonly planned: PlannedFault
  readonly state: 'found' | 'late' | 'missed'
  /** ms from its beginning until people saw it; null = never. */
  readonly delay: number | null
  /** ms after the time asked for; 0 = in time. */
  readonly lateBy: number
}

export interface Score {
  readonly rules: readonly RuleScore[]
  readonly judged: readonly Judged[]
  readonly outcomes: readonly Outcome[]
  /** Welfare alerts that nothing explains and that send somebody to a door. */
  readonly falseVisits: number
}

/** What the rules are for, by `ref`; one that neither spoke nor was asked has a line of noughts. */
export type Kinds = ReadonlyMap<string, AlertKind>

export function score({ told }: Pick<Measured, 'told'>, planned: Planned, kinds: Kinds): Score {
  const labels = labelsOf(planned)
  const near = labelFinder(labels)
  const answers = new Map<Label, number[]>()
  const judged = told.map((one): Judged => {
    const around = near(one)
    for (const label of around) if (asksFor(label, one)) answersOf(answers, label).push(one.seenAt)
    const verdict = verdictOf(one, around)
    const brought = verdict.kind === 'wrong' && planned.isBrought?.(one) === true
    return { told: one, verdict: brought ? { kind: 'brought' } : verdict }
  })
  const outcomes = labels.map((label) => outcomeOf(label, answers.get(label) ?? []))
  const refs = new Set([...kinds.keys(), ...labels.map((label) => label.planned.ref)])
  return {
    rules: [...refs]
      .sort(byRef)
      .map((ref) => ({ ref, kind: kinds.get(ref) ?? null, ...countsOf(ref, judged, outcomes) })),
    judged,
    outcomes,
    falseVisits: judged.filter(({ told: one, verdict }) => verdict.kind === 'wrong' && isVisit(one)).length,
  }
}

const isAbout = ({ planned, last }: Label, { ref, raisedAt }: Told): boolean =>
  planned.ref === ref && raisedAt <= last
const asksFor = (label: Label, told: Told): boolean => !label.planned.decoy && isAbout(label, told)

function answersOf(answers: Map<Label, number[]>, label: Label): number[] {
  const known = answers.get(label) ?? []
  answers.set(label, known)
  return known
}

/** Its own fault explains it, or one that brings it with it, or the alert it stands under; a decoy explains nothing. */
function verdictOf(told: Told, around: readonly Label[]): Verdict {
  const own = around.find((label) => asksFor(label, told))
  if (own) return { kind: 'right', planned: own.planned }
  const other = around.find(
    ({ follow }) => told.raisedAt <= (follow.get(told.ref) ?? Number.NEGATIVE_INFINITY),
  )
  if (other) return { kind: 'following', planned: other.planned }
  if (told.held) return { kind: 'held' }
  const decoy = around.find((label) => isAbout(label, told))?.planned
  return { kind: 'wrong', decoy, beside: around[0]?.planned }
}

function outcomeOf({ planned, wantedBy }: Label, seenAt: readonly number[]): Outcome {
  if (seenAt.length === 0) return { planned, state: 'missed', delay: null, lateBy: 0 }
  const seen = Math.min(...seenAt)
  const delay = Math.max(0, seen - planned.from)
  if (seen <= wantedBy) return { planned, state: 'found', delay, lateBy: 0 }
  return { planned, state: 'late', delay, lateBy: seen - wantedBy }
}

function countsOf(
  ref: string,
  judged: readonly Judged[],
  outcomes: readonly Outcome[],
): Omit<RuleScore, 'ref' | 'kind'> {
  const mine = judged.filter(({ told }) => told.ref === ref)
  const alerts = (kind: Verdict['kind']): number => mine.filter(({ verdict }) => verdict.kind === kind).length
  const about = outcomes.filter(({ planned }) => planned.ref === ref)
  const labelled = about.filter(({ planned }) => !planned.decoy)
  const faults = (state: Outcome['state']): number => labelled.filter((one) => one.state === state).length
  const fooled = mine.flatMap(({ verdict }) => (verdict.kind === 'wrong' ? (verdict.decoy ?? []) : []))
  return {
    labelled: labelled.length,
    found: faults('found'),
    late: faults('late'),
    right: alerts('right'),
    wrong: alerts('wrong'),
    following: alerts('following') + alerts('held') + alerts('brought'),
    decoys: about.length - labelled.length,
    fooled: new Set(fooled).size,
    delays: labelled.flatMap(({ delay }) => delay ?? []).sort((a, b) => a - b),
  }
}

/** A low one says something worth knowing and sends nobody. */
const isVisit = ({ kind, severity }: Told): boolean => kind === 'welfare' && severity !== 'low'

/** E2 before E10. */
export function byRef(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
