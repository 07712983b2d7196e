/** Compares what was told with what was planned: pure, rule by rule. */
import { consequencesOf } from '../../simulators/consequences.ts'
import { effectiveSpan, type PlannedFault } from '../../simulators/plan.ts'
import type { Measured, RuleScore, Told } from './measured.ts'

/** Why an alert counts as it does. */
export type Verdict =
  | { readonly kind: 'right' | 'following'; readonly planned: PlannedFault }
  | { readonly kind: 'held' }
  | { readonly kind: 'wrong'; readonly decoy: PlannedFault | undefined }

export interface Judged {
  readonly told: Told
  readonly verdict: Verdict
}

export interface Missed {
  readonly planned: PlannedFault
  /** What was told of it all the same, but later than asked for. */
  readonly lateBy: number | null
}

export interface Score {
  readonly rules: readonly RuleScore[]
  readonly judged: readonly Judged[]
  readonly missed: readonly Missed[]
  /** Welfare alerts that nothing explains and that send somebody to a door. */
  readonly falseVisits: number
}

/** What ends a condition may come after its cause: a clearing time, a value that is believed until the next message. */
const AFTER_MS = 15 * 60_000
/** An alert is stamped with the beginning of what it saw, which a device may have told a moment before the label. */
const BEFORE_MS = 60_000

export interface Planned {
  readonly plan: readonly PlannedFault[]
  /** By how much (ms) the delivery of a device's messages held up what could be known of it, in this span. */
  readonly allowance?: (planned: PlannedFault) => number
}

export function score({ told }: Measured, { plan, allowance = () => 0 }: Planned): Score {
  const byDevice = indexOf(plan)
  const judged = told.map((one) => ({ told: one, verdict: verdictOf(one, byDevice) }))
  const answers = new Map<PlannedFault, Told[]>()
  for (const { told: one } of judged)
    for (const planned of causesOf(one, byDevice))
      if (!planned.decoy && planned.ref === one.ref)
        answers.set(planned, [...(answers.get(planned) ?? []), one])
  const outcomes = plan.map((planned) => outcomeOf(planned, answers.get(planned) ?? [], allowance(planned)))
  const refs = [...new Set([...plan.map(({ ref }) => ref), ...told.map(({ ref }) => ref)])].sort(byRef)
  return {
    rules: refs.map((ref) => ruleScore(ref, judged, outcomes)),
    judged,
    missed: outcomes.flatMap(({ planned, state, delay }) =>
      planned.decoy || state === 'found'
        ? []
        : [{ planned, lateBy: delay === null ? null : planned.from + delay - planned.expectRaisedBy }],
    ),
    falseVisits: judged.filter(({ told: one, verdict }) => verdict.kind === 'wrong' && isVisit(one)).length,
  }
}

type ByDevice = ReadonlyMap<string, readonly PlannedFault[]>

function indexOf(plan: readonly PlannedFault[]): ByDevice {
  const byDevice = new Map<string, PlannedFault[]>()
  for (const planned of plan)
    for (const device of planned.devices) {
      const known = byDevice.get(device)
      if (known) known.push(planned)
      else byDevice.set(device, [planned])
    }
  return byDevice
}

/** Planned faults on the alert's devices at the time it speaks of. */
function causesOf(told: Told, byDevice: ByDevice): ReadonlySet<PlannedFault> {
  return new Set(
    told.devices.flatMap((device) =>
      (byDevice.get(device) ?? []).filter((planned) => isWithin(told, planned)),
    ),
  )
}

function isWithin({ raisedAt }: Told, planned: PlannedFault): boolean {
  const { effect } = effectiveSpan(planned)
  return raisedAt >= effect.from - BEFORE_MS && raisedAt <= effect.to + AFTER_MS
}

function verdictOf(told: Told, byDevice: ByDevice): Verdict {
  const causes = [...causesOf(told, byDevice)]
  const own = causes.find((planned) => planned.ref === told.ref && !planned.decoy)
  if (own) return { kind: 'right', planned: own }
  const other = causes.find((planned) => consequencesOf(planned.ref).has(told.ref))
  if (other) return { kind: 'following', planned: other }
  if (told.held) return { kind: 'held' }
  return { kind: 'wrong', decoy: causes.find((planned) => planned.ref === told.ref) }
}

interface Outcome {
  readonly planned: PlannedFault
  readonly state: 'found' | 'late' | 'missed'
  /** ms from its beginning until people saw it; null = never. */
  readonly delay: number | null
}

function outcomeOf(planned: PlannedFault, answers: readonly Told[], allowance: number): Outcome {
  const seen = answers.map(({ seenAt }) => seenAt).sort((a, b) => a - b)[0]
  if (seen === undefined) return { planned, state: 'missed', delay: null }
  const state = seen <= planned.expectRaisedBy + allowance ? 'found' : 'late'
  return { planned, state, delay: Math.max(0, seen - planned.from) }
}

function ruleScore(ref: string, judged: readonly Judged[], outcomes: readonly Outcome[]): RuleScore {
  const mine = judged.filter(({ told }) => told.ref === ref)
  const count = (kind: Verdict['kind']): number => mine.filter(({ verdict }) => verdict.kind === kind).length
  const labelled = outcomes.filter(({ planned }) => planned.ref === ref && !planned.decoy)
  const decoys = outcomes.filter(({ planned }) => planned.ref === ref && planned.decoy)
  const fooled = new Set(
    mine.flatMap(({ verdict }) => (verdict.kind === 'wrong' ? (verdict.decoy ?? []) : [])),
  )
  return {
    ref,
    kind: mine[0]?.told.kind ?? null,
    labelled: labelled.length,
    found: labelled.filter(({ state }) => state === 'found').length,
    late: labelled.filter(({ state }) => state === 'late').length,
    right: count('right'),
    wrong: count('wrong'),
    following: count('following') + count('held'),
    decoys: decoys.length,
    fooled: fooled.size,
    delays: labelled.flatMap(({ delay }) => delay ?? []).sort((a, b) => a - b),
  }
}

/** A low one says something worth knowing and sends nobody. */
const isVisit = ({ kind, severity }: Told): boolean => kind === 'welfare' && severity !== 'low'

/** E2 before E10. */
export function byRef(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
