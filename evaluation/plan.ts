/** The plan that rules are measured on: of every fault so many, spread over devices and days, with room around each. */
import type { CommunityFile } from '../model/community-file.ts'
import { DAY, HOUR, MINUTE } from '../simulators/devices/behaviour.ts'
import type { Fault, Span } from '../simulators/faults/fault.ts'
import { faults } from '../simulators/faults/table.ts'
import { type Plan, type PlannedFault, place } from '../simulators/plan.ts'
import { createRandom, type Random } from '../simulators/random.ts'
import { type Subject, subjectsOf } from '../simulators/subject.ts'

export interface ScorecardPlanOptions {
  readonly community: CommunityFile
  readonly seed: string
  /** Simulated time, ms. */
  readonly from: number
  readonly to: number
  /** Faults wanted of each rule, and decoys. */
  readonly perRule: number
  /** Which rules, by their `ref`. */
  readonly wants: (ref: string) => boolean
  /** When the hub is away: what is over before it is back can be noticed by nobody, and is not asked for. */
  readonly deaf?: readonly Span[]
}

export interface ScorecardPlan {
  readonly plan: Plan
  /** Faults that found too little room, and how many of those wanted were placed. */
  readonly short: readonly { readonly fault: string; readonly wanted: number; readonly placed: number }[]
}

/** Baselines look back so far (domain.md E7, H2, H11), so nothing befalls anybody before; of a short run a quarter. */
const LEARNS = 15 * DAY
/** After it was away a hub waits for devices to come back before it takes silence for more (promise 3). */
const BACK = 15 * MINUTE
/** A device, or a home, is left in peace for so long between two of its faults. */
const REST = 12 * HOUR
const TRIES = 300

interface Search {
  readonly random: Random
  readonly subjects: readonly Subject[]
  readonly byType: ReadonlyMap<string, readonly Subject[]>
  /** Spans taken, by device or home. */
  readonly taken: Map<string, Span[]>
  readonly options: ScorecardPlanOptions
}

/** Long faults first, because they need the most room. Several faults of one rule share its number. */
export function scorecardPlan(options: ScorecardPlanOptions): ScorecardPlan {
  const subjects = subjectsOf(options.community)
  const search: Search = {
    random: createRandom(`scorecard/${options.seed}`),
    subjects,
    byType: Map.groupBy(subjects, ({ type }) => type),
    taken: new Map(),
    options,
  }
  const chosen = [...faults.values()].filter(({ ref }) => options.wants(ref))
  const plan: PlannedFault[] = []
  const short: ScorecardPlan['short'][number][] = []
  for (const fault of chosen.toSorted((a, b) => b.lasts[1] - a.lasts[1])) {
    const wanted = wantedOf(fault, chosen, options.perRule)
    const placed = placeMany(fault, wanted, search)
    plan.push(...placed)
    if (placed.length < wanted) short.push({ fault: fault.name, wanted, placed: placed.length })
  }
  return { plan: plan.sort((a, b) => a.from - b.from || (a.device < b.device ? -1 : 1)), short }
}

function wantedOf(fault: Fault, chosen: readonly Fault[], perRule: number): number {
  const alike = chosen.filter((one) => one.ref === fault.ref && one.decoy === fault.decoy)
  return Math.ceil(perRule / alike.length)
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

/** `placed`: of the same fault so far. */
function tryOnce(
  fault: Fault,
  subject: Subject,
  search: Search & { readonly placed: readonly PlannedFault[] },
): PlannedFault | undefined {
  const { random, subjects, options } = search
  const { from, to } = options
  const learns = Math.max(Math.min(LEARNS, (to - from) / 4), fault.learns ?? 0)
  const lasts = Math.round(random.between(fault.lasts[0], fault.lasts[1]))
  const first = from + learns + (fault.lead ?? 0)
  const last = to - lasts - (fault.tail ?? 0) - HOUR
  if (last < first) return undefined
  const at = Math.round(random.between(first, last))
  const span = { from: at, to: at + lasts }
  if (fault.visible && !fault.visible(span, subject)) return undefined
  if (options.deaf?.some((one) => isUnheard(span, one))) return undefined
  const planned = place(fault, subject, { span, subjects })
  // What is over before it must be noticed cannot be asked for.
  if (planned.expectRaisedBy > planned.to || isTooSoon(planned, fault.again ?? 0, search.placed))
    return undefined
  return reserve(planned, search) ? planned : undefined
}

/** Over before the hub that was away can know of it. */
const isUnheard = (span: Span, deaf: Span): boolean =>
  span.from <= deaf.to && span.to >= deaf.from && span.to <= deaf.to + BACK

const isTooSoon = (planned: PlannedFault, again: number, placed: readonly PlannedFault[]): boolean =>
  placed.some(
    (other) =>
      other.devices.some((device) => planned.devices.includes(device)) &&
      planned.from < other.to + again &&
      other.from < planned.to + again,
  )

/** False when one of its devices, or their home, has something else at that time. */
function reserve(planned: PlannedFault, { taken, subjects }: Search): boolean {
  const reached = new Set(planned.devices)
  const keys = new Set(
    subjects.filter(({ id }) => reached.has(id)).map((subject) => subject.home ?? subject.id),
  )
  for (const key of keys) {
    const others = taken.get(key) ?? []
    if (others.some((other) => planned.from < other.to + REST && other.from < planned.to + REST)) return false
  }
  for (const key of keys) {
    const spans = taken.get(key) ?? []
    spans.push({ from: planned.from, to: planned.to })
    taken.set(key, spans)
  }
  return true
}
