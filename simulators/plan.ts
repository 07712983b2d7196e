/** Which fault hits which device when: seeded and fixed in advance, so it is the ground truth of a simulation. */
import type { CommunityFile } from '../model/community-file.ts'
import { LinliError } from '../model/errors.ts'
import { effectSpan, type Fault, type Span } from './faults/fault.ts'
import { faults } from './faults/table.ts'
import { createRandom, type Random } from './random.ts'
import { type Subject, subjectsOf } from './subject.ts'

export interface PlannedFault extends Span {
  readonly fault: string
  readonly ref: string
  /** The device named in the ground-truth file; the first one if several are affected. */
  readonly device: string
  /** All affected devices. */
  readonly devices: readonly string[]
  /** Only looks like a fault: no alert of `ref` may be raised for `devices` between `from` and `to`. */
  readonly decoy: boolean
  /** Time (ms) by which a correct hub has raised the alert; for a decoy its end. */
  readonly expectRaisedBy: number
}

/** Ordered by `from`. */
export type Plan = readonly PlannedFault[]

export interface PlanOptions {
  readonly community: CommunityFile
  readonly seed: string
  /** Simulated time, ms; every fault begins and must be detected within. */
  readonly from: number
  readonly to: number
  /** Mean time between two faults, ms. */
  readonly meanGap: number
  /** Names of `faults`; default all. */
  readonly only?: readonly string[]
  /** Caps the duration of faults, ms, e.g. for a demonstration. */
  readonly maxDuration?: number
}

/** Fault-free time of a device between two faults, ms. */
const MIN_GAP_MS = 30 * 60_000
const TRIES = 20

/**
 * Random faults over the whole span, never two at once on one device.
 * @throws LinliError INVALID_INPUT for an unknown fault
 */
export function makePlan(options: PlanOptions): Plan {
  const random = createRandom(`plan/${options.seed}`)
  const choice = selectFaults(options.only)
  const subjects = subjectsOf(options.community)
  const plan: PlannedFault[] = []
  for (let at = options.from; ; ) {
    at += Math.round(random.exponential(options.meanGap))
    if (at >= options.to) return plan.sort((a, b) => a.from - b.from)
    const next = tryFault({ at, random, choice, subjects, plan, options })
    if (next) plan.push(next)
  }
}

function selectFaults(only: readonly string[] | undefined): readonly Fault[] {
  return only ? only.map(faultNamed) : [...faults.values()]
}

function faultNamed(name: string): Fault {
  const fault = faults.get(name)
  if (!fault) throw new LinliError('INVALID_INPUT', `there is no fault ${name}`)
  return fault
}

interface Search {
  readonly at: number
  readonly random: Random
  readonly choice: readonly Fault[]
  readonly subjects: readonly Subject[]
  readonly plan: readonly PlannedFault[]
  readonly options: PlanOptions
}

function tryFault(search: Search): PlannedFault | undefined {
  const { random, subjects } = search
  const rarest = rarestOf(search.choice, search.plan)
  for (let attempt = 0; attempt < TRIES; attempt++) {
    // Every other attempt is for the rarest faults, which seldom fit: only at dusk, or only with days of room.
    const fault = random.pick(attempt % 2 === 0 ? rarest : search.choice)
    const candidates = subjects.filter((subject) => fault.deviceTypes.includes(subject.type))
    if (candidates.length === 0) continue
    const planned = tryDevice(fault, random.pick(candidates), search)
    if (planned) return planned
  }
  return undefined
}

function tryDevice(fault: Fault, subject: Subject, search: Search): PlannedFault | undefined {
  const { random, subjects, options } = search
  const [shortest, longest] = fault.duration
  const duration = Math.min(random.between(shortest, longest), options.maxDuration ?? longest)
  const from = search.at + (fault.leadIn ?? 0)
  const span = { from, to: from + Math.round(duration) }
  const planned = placeFault(fault, subject, { span, subjects })
  // A fault that ends before it must be raised would make the ground truth wrong.
  if (planned.expectRaisedBy > Math.min(options.to, span.to)) return undefined
  if (!isFree(planned, search.plan)) return undefined
  return (fault.isDetectable?.(span, subject) ?? true) ? planned : undefined
}

function rarestOf(choice: readonly Fault[], plan: readonly PlannedFault[]): readonly Fault[] {
  const counts = new Map<string, number>()
  for (const { fault } of plan) counts.set(fault, (counts.get(fault) ?? 0) + 1)
  const least = Math.min(...choice.map(({ name }) => counts.get(name) ?? 0))
  return choice.filter(({ name }) => (counts.get(name) ?? 0) === least)
}

/** Puts a fault on a device for a span, together with all devices it affects. */
export function placeFault(
  fault: Fault,
  subject: Subject,
  { span, subjects }: { readonly span: Span; readonly subjects: readonly Subject[] },
): PlannedFault {
  return {
    fault: fault.name,
    ref: fault.ref,
    device: subject.id,
    devices: affectedDevices(fault, subject, subjects),
    ...span,
    decoy: fault.decoy === true,
    expectRaisedBy: fault.decoy ? span.to : span.from + fault.raiseWithin,
  }
}

function affectedDevices(fault: Fault, subject: Subject, subjects: readonly Subject[]): readonly string[] {
  const group = fault.affects === 'device' ? null : subject[fault.affects]
  if (group === null) return [subject.id]
  const others = subjects.filter((one) => one.id !== subject.id && one[fault.affects as 'home'] === group)
  return [subject.id, ...others.map((one) => one.id)]
}

function isFree(planned: PlannedFault, plan: readonly PlannedFault[]): boolean {
  return plan.every((other) => {
    if (!other.devices.some((device) => planned.devices.includes(device))) return true
    return planned.from > other.to + MIN_GAP_MS || other.from > planned.to + MIN_GAP_MS
  })
}

/** The fault of a planned one and the span of its effect. @throws LinliError INVALID_INPUT for an unknown fault */
export function resolveFault(planned: PlannedFault): { readonly fault: Fault; readonly effect: Span } {
  const fault = faultNamed(planned.fault)
  return { fault, effect: effectSpan(fault, planned) }
}
