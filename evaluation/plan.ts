/** The fault plan of an evaluation: every fault several times, spread over devices and days, with pauses in between. */
import type { CommunityFile } from '../model/community-file.ts'
import { DAY, HOUR, MINUTE } from '../simulators/devices/behaviour.ts'
import type { Fault, Span } from '../simulators/faults/fault.ts'
import { faults } from '../simulators/faults/table.ts'
import { type Plan, type PlannedFault, placeFault } from '../simulators/plan.ts'
import { createRandom, type Random } from '../simulators/random.ts'
import { type Subject, subjectsOf } from '../simulators/subject.ts'

export interface ScorecardPlanOptions {
  readonly community: CommunityFile
  readonly seed: string
  /** Simulated time, ms. */
  readonly from: number
  readonly to: number
  /** Number of faults, and of decoys, per rule. */
  readonly perRule: number
  /** Filter of rules by `ref`. */
  readonly wants: (ref: string) => boolean
  /** Hub outages. Faults that end before the hub is back cannot be detected, so none are planned there. */
  readonly outages?: readonly Span[]
}

export interface ScorecardPlan {
  readonly plan: Plan
  /** Faults of which fewer than `wanted` could be placed. */
  readonly short: readonly { readonly fault: string; readonly wanted: number; readonly placed: number }[]
}

/** Learning time of baselines (domain.md E7, H2, H11) without faults; at most a quarter of a short run. */
const LEARNING = 15 * DAY
/** Grace period after a hub outage in which silence is not evaluated (promise 3). */
const OUTAGE_GRACE = 15 * MINUTE
/** Minimum pause between two faults of a device or home. */
const PAUSE = 12 * HOUR
const TRIES = 300

interface Search {
  readonly random: Random
  readonly subjects: readonly Subject[]
  readonly byType: ReadonlyMap<string, readonly Subject[]>
  /** Spans of placed faults, by device or home. */
  readonly occupied: Map<string, Span[]>
  readonly options: ScorecardPlanOptions
}

/** Places long faults first, because they need the most room. Faults of the same rule share its number. */
export function scorecardPlan(options: ScorecardPlanOptions): ScorecardPlan {
  const subjects = subjectsOf(options.community)
  const search: Search = {
    random: createRandom(`scorecard/${options.seed}`),
    subjects,
    byType: Map.groupBy(subjects, ({ type }) => type),
    occupied: new Map(),
    options,
  }
  const chosen = [...faults.values()].filter(({ ref }) => options.wants(ref))
  const plan: PlannedFault[] = []
  const short: ScorecardPlan['short'][number][] = []
  for (const fault of chosen.toSorted((a, b) => b.duration[1] - a.duration[1])) {
    const wanted = wantedOf(fault, chosen, options.perRule)
    const placed = placeMany(fault, wanted, search)
    plan.push(...placed)
    if (placed.length < wanted) short.push({ fault: fault.name, wanted, placed: placed.length })
  }
  return { plan: plan.sort((a, b) => a.from - b.from || (a.device < b.device ? -1 : 1)), short }
}

function wantedOf(fault: Fault, chosen: readonly Fault[], perRule: number): number {
  const sameRule = chosen.filter((one) => one.ref === fault.ref && one.decoy === fault.decoy)
  return Math.ceil(perRule / sameRule.length)
}

function placeMany(fault: Fault, wanted: number, search: Search): PlannedFault[] {
  const candidates = fault.deviceTypes.flatMap((type) => search.byType.get(type) ?? [])
  const placed: PlannedFault[] = []
  if (candidates.length === 0) return placed
  for (let tries = wanted * TRIES; tries > 0 && placed.length < wanted; tries--) {
    const one = tryOnce(fault, search.random.pick(candidates), { ...search, placed })
    if (one) placed.push(one)
  }
  return placed
}

/** One random placement, or undefined if it does not fit. `placed`: earlier placements of the same fault. */
function tryOnce(
  fault: Fault,
  subject: Subject,
  search: Search & { readonly placed: readonly PlannedFault[] },
): PlannedFault | undefined {
  const { random, subjects, options } = search
  const { from, to } = options
  const learning = Math.max(Math.min(LEARNING, (to - from) / 4), fault.minHistory ?? 0)
  const duration = Math.round(random.between(fault.duration[0], fault.duration[1]))
  const first = from + learning + (fault.leadIn ?? 0)
  const last = to - duration - (fault.leadOut ?? 0) - HOUR
  if (last < first) return undefined
  const at = Math.round(random.between(first, last))
  const span = { from: at, to: at + duration }
  if (fault.isDetectable && !fault.isDetectable(span, subject)) return undefined
  if (options.outages?.some((outage) => endsInOutage(span, outage))) return undefined
  const planned = placeFault(fault, subject, { span, subjects })
  // A fault that ends before its deadline cannot be expected to be detected.
  if (planned.expectRaisedBy > planned.to || isTooSoon(planned, fault.minRepeatGap ?? 0, search.placed))
    return undefined
  return reserve(planned, search) ? planned : undefined
}

/** Ends before the hub can notice it after the outage. */
const endsInOutage = (span: Span, outage: Span): boolean =>
  span.from <= outage.to && span.to >= outage.from && span.to <= outage.to + OUTAGE_GRACE

const isTooSoon = (planned: PlannedFault, again: number, placed: readonly PlannedFault[]): boolean =>
  placed.some(
    (other) =>
      other.devices.some((device) => planned.devices.includes(device)) &&
      planned.from < other.to + again &&
      other.from < planned.to + again,
  )

/** Reserves the time on its devices and homes; false if one of them has another fault then. */
function reserve(planned: PlannedFault, { occupied, subjects }: Search): boolean {
  const affected = new Set(planned.devices)
  const keys = new Set(
    subjects.filter(({ id }) => affected.has(id)).map((subject) => subject.home ?? subject.id),
  )
  for (const key of keys) {
    const others = occupied.get(key) ?? []
    if (others.some((other) => planned.from < other.to + PAUSE && other.from < planned.to + PAUSE))
      return false
  }
  for (const key of keys) {
    const spans = occupied.get(key) ?? []
    spans.push({ from: planned.from, to: planned.to })
    occupied.set(key, spans)
  }
  return true
}

/** Filter of rules by `ref`: `E1,H` selects E1 and every H rule; undefined selects all. */
export function ruleFilter(only: string | undefined): (ref: string) => boolean {
  if (only === undefined) return () => true
  const wanted = only.split(',').map((word) => word.trim())
  return (ref) => wanted.some((word) => word === ref || word === ref.replace(/\d.*$/, ''))
}
