/** Compares detected alerts with planned faults, rule by rule. Pure. */
import type { AlertKind } from '../model/severity.ts'
import type { PlannedFault } from '../simulators/plan.ts'
import { type Label, type LabelledPlan, labelFinder, labelsOf } from './labels.ts'
import type { DetectedAlert, RuleScore, SimulationResult } from './results.ts'

/** How an alert is counted, and why. */
export type Verdict =
  | { readonly kind: 'true-positive' | 'follow-up'; readonly planned: PlannedFault }
  | { readonly kind: 'inhibited' | 'disturbance' }
  | {
      readonly kind: 'false-positive'
      readonly decoy: PlannedFault | undefined
      /** Another fault of its devices at that time. */
      readonly beside: PlannedFault | undefined
    }

export interface AssessedAlert {
  readonly alert: DetectedAlert
  readonly verdict: Verdict
}

/** Detection of one planned fault or decoy. */
export interface Outcome {
  readonly planned: PlannedFault
  readonly state: 'found' | 'late' | 'missed'
  /** From its start until people saw the alert, ms; null if missed. */
  readonly delay: number | null
  /** ms after the deadline; 0 if in time. */
  readonly lateBy: number
}

export interface Score {
  readonly rules: readonly RuleScore[]
  readonly assessed: readonly AssessedAlert[]
  readonly outcomes: readonly Outcome[]
  /** False-positive welfare alerts that send somebody to a door. */
  readonly falseVisits: number
}

/** Alert kind of each rule by `ref`. A rule without alerts and labels gets a score of zeros. */
export type Kinds = ReadonlyMap<string, AlertKind>

/** Scores the alerts of a simulation against its plan. */
export function score(
  { alerts }: Pick<SimulationResult, 'alerts'>,
  planned: LabelledPlan,
  kinds: Kinds,
): Score {
  const labels = labelsOf(planned)
  const labelsNear = labelFinder(labels)
  const detections = new Map<Label, number[]>()
  const assessed = alerts.map((alert): AssessedAlert => {
    const near = labelsNear(alert)
    for (const label of near) if (expects(label, alert)) listOf(detections, label).push(alert.seenAt)
    const verdict = verdictOf(alert, near)
    const isDisturbance = verdict.kind === 'false-positive' && planned.isCausedByDisturbance?.(alert) === true
    return { alert, verdict: isDisturbance ? { kind: 'disturbance' } : verdict }
  })
  const outcomes = labels.map((label) => outcomeOf(label, detections.get(label) ?? []))
  const refs = new Set([...kinds.keys(), ...labels.map((label) => label.planned.ref)])
  return {
    rules: [...refs]
      .sort(byRef)
      .map((ref) => ({ ref, kind: kinds.get(ref) ?? null, ...countsOf(ref, assessed, outcomes) })),
    assessed,
    outcomes,
    falseVisits: assessed.filter(({ alert, verdict }) => verdict.kind === 'false-positive' && isVisit(alert))
      .length,
  }
}

const matches = ({ planned, last }: Label, { ref, raisedAt }: DetectedAlert): boolean =>
  planned.ref === ref && raisedAt <= last
const expects = (label: Label, alert: DetectedAlert): boolean => !label.planned.decoy && matches(label, alert)

function listOf(detections: Map<Label, number[]>, label: Label): number[] {
  const known = detections.get(label) ?? []
  detections.set(label, known)
  return known
}

/** Explained by a fault of its rule, by the consequence of another fault, or by its common cause. A decoy explains nothing. */
function verdictOf(alert: DetectedAlert, near: readonly Label[]): Verdict {
  const own = near.find((label) => expects(label, alert))
  if (own) return { kind: 'true-positive', planned: own.planned }
  const other = near.find(
    ({ consequences }) => alert.raisedAt <= (consequences.get(alert.ref) ?? Number.NEGATIVE_INFINITY),
  )
  if (other) return { kind: 'follow-up', planned: other.planned }
  if (alert.inhibited) return { kind: 'inhibited' }
  const decoy = near.find((label) => matches(label, alert))?.planned
  return { kind: 'false-positive', decoy, beside: near[0]?.planned }
}

function outcomeOf({ planned, deadline }: Label, seenAt: readonly number[]): Outcome {
  if (seenAt.length === 0) return { planned, state: 'missed', delay: null, lateBy: 0 }
  const seen = Math.min(...seenAt)
  const delay = Math.max(0, seen - planned.from)
  if (seen <= deadline) return { planned, state: 'found', delay, lateBy: 0 }
  return { planned, state: 'late', delay, lateBy: seen - deadline }
}

function countsOf(
  ref: string,
  assessed: readonly AssessedAlert[],
  outcomes: readonly Outcome[],
): Omit<RuleScore, 'ref' | 'kind'> {
  const own = assessed.filter(({ alert }) => alert.ref === ref)
  const alerts = (kind: Verdict['kind']): number => own.filter(({ verdict }) => verdict.kind === kind).length
  const ofRule = outcomes.filter(({ planned }) => planned.ref === ref)
  const labelled = ofRule.filter(({ planned }) => !planned.decoy)
  const faults = (state: Outcome['state']): number => labelled.filter((one) => one.state === state).length
  const fooled = own.flatMap(({ verdict }) =>
    verdict.kind === 'false-positive' ? (verdict.decoy ?? []) : [],
  )
  return {
    labelled: labelled.length,
    found: faults('found'),
    late: faults('late'),
    right: alerts('true-positive'),
    wrong: alerts('false-positive'),
    following: alerts('follow-up') + alerts('inhibited') + alerts('disturbance'),
    decoys: ofRule.length - labelled.length,
    fooled: new Set(fooled).size,
    delays: labelled.flatMap(({ delay }) => delay ?? []).sort((a, b) => a - b),
  }
}

/** Low welfare alerts are for information and cause no visit. */
const isVisit = ({ kind, severity }: DetectedAlert): boolean => kind === 'welfare' && severity !== 'low'

/** Compares rule refs numerically: E2 before E10. */
export function byRef(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
