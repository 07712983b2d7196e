/** Which fault befalls which device when: seeded, written down before it happens (the truth of a simulation). */
import type { CommunityFile } from '../model/community-file.ts'
import { LinliError } from '../model/errors.ts'
import { effectOf, type Fault, type Span } from './faults/fault.ts'
import { faults } from './faults/table.ts'
import { createRandom, type Random } from './random.ts'
import { type Subject, subjectsOf } from './subject.ts'

export interface PlannedFault extends Span {
  readonly fault: string
  readonly ref: string
  /** The device named in the truth file; of several the first. */
  readonly device: string
  /** All devices it reaches. */
  readonly devices: readonly string[]
  /** Only looks like a fault: nothing of `ref` may be raised about `devices` from `from` to `to`. */
  readonly decoy: boolean
  /** By when (ms) a correct hub has raised it; of a decoy its end. */
  readonly expectRaisedBy: number
}

/** In order of `from`. */
export type Plan = readonly PlannedFault[]

export interface PlanOptions {
  readonly community: CommunityFile
  readonly seed: string
  /** Simulated time, ms; every fault begins and must be noticed within. */
  readonly from: number
  readonly to: number
  /** Mean time between two faults, ms. */
  readonly meanGap: number
  /** Names of `faults`; all when absent. */
  readonly only?: readonly string[]
  /** Shorter faults than the table says, ms, e.g. for a demonstration. */
  readonly longest?: number
}

/** Devices are left in peace for so long between two of their faults, ms. */
const REST_MS = 30 * 60_000
const TRIES = 20

/** Faults at random over the span, never two at once on one device. @throws LinliError INVALID_INPUT for an unknown fault */
export function makePlan(options: PlanOptions): Plan {
  const random = createRandom(`plan/${options.seed}`)
  const choice = chosen(options.only)
  const subjects = subjectsOf(options.community)
  const plan: PlannedFault[] = []
  for (let at = options.from; ; ) {
    at += Math.round(random.wait(options.meanGap))
    if (at >= options.to) return sorted(plan)
    const next = tryFault({ at, random, choice, subjects, plan, options })
    if (next) plan.push(next)
  }
}

function chosen(only: readonly string[] | undefined): readonly Fault[] {
  if (!only) return [...faults.values()]
  return only.map((name) => {
    const fault = faults.get(name)
    if (!fault) throw new LinliError('INVALID_INPUT', `there is no fault ${name}`)
    return fault
  })
}

function tryFault(search: {
  readonly at: number
  readonly random: Random
  readonly choice: readonly Fault[]
  readonly subjects: readonly Subject[]
  readonly plan: readonly PlannedFault[]
  readonly options: PlanOptions
}): PlannedFault | undefined {
  const { at, random, subjects, options } = search
  const rarest = rarestOf(search.choice, search.plan)
  for (let attempt = 0; attempt < TRIES; attempt++) {
    // Half of the tries are for those that seldom find a place: at dusk, or with days of room.
    const fault = random.pick(attempt % 2 === 0 ? rarest : search.choice)
    const candidates = subjects.filter((subject) => fault.deviceTypes.includes(subject.type))
    if (candidates.length === 0) continue
    const subject = random.pick(candidates)
    const [shortest, longest] = fault.lasts
    const lasts = Math.min(random.between(shortest, longest), options.longest ?? longest)
    const span = { from: at + (fault.lead ?? 0), to: at + (fault.lead ?? 0) + Math.round(lasts) }
    const planned = place(fault, subject, { span, subjects })
    // What is over before it must be noticed would make the truth file lie.
    if (planned.expectRaisedBy > Math.min(options.to, span.to)) continue
    if (isFree(planned, search.plan) && (fault.visible?.(span, subject) ?? true)) return planned
  }
  return undefined
}

function rarestOf(choice: readonly Fault[], plan: readonly PlannedFault[]): readonly Fault[] {
  const counts = new Map<string, number>()
  for (const { fault } of plan) counts.set(fault, (counts.get(fault) ?? 0) + 1)
  const least = Math.min(...choice.map(({ name }) => counts.get(name) ?? 0))
  return choice.filter(({ name }) => (counts.get(name) ?? 0) === least)
}

/** Puts one fault on one subject at a time, with all whom it reaches. */
export function place(
  fault: Fault,
  subject: Subject,
  { span, subjects }: { readonly span: Span; readonly subjects: readonly Subject[] },
): PlannedFault {
  return {
    fault: fault.name,
    ref: fault.ref,
    device: subject.id,
    devices: reached(fault, subject, subjects),
    ...span,
    decoy: fault.decoy === true,
    expectRaisedBy: fault.decoy ? span.to : span.from + fault.raisedWithin,
  }
}

function reached(fault: Fault, subject: Subject, subjects: readonly Subject[]): readonly string[] {
  const share = fault.reach === 'device' ? null : subject[fault.reach]
  if (share === null) return [subject.id]
  const others = subjects.filter((one) => one.id !== subject.id && one[fault.reach as 'home'] === share)
  return [subject.id, ...others.map((one) => one.id)]
}

function isFree(planned: PlannedFault, plan: readonly PlannedFault[]): boolean {
  return plan.every((other) => {
    if (!other.devices.some((device) => planned.devices.includes(device))) return true
    return planned.from > other.to + REST_MS || other.from > planned.to + REST_MS
  })
}

const sorted = (plan: readonly PlannedFault[]): Plan => [...plan].sort((a, b) => a.from - b.from)

/** A fault as placed, with its effect; for the simulation. @throws LinliError INVALID_INPUT for an unknown fault */
export function effectiveSpan(planned: PlannedFault): { readonly fault: Fault; readonly effect: Span } {
  const fault = faults.get(planned.fault)
  if (!fault) throw new LinliError('INVALID_INPUT', `there is no fault ${planned.fault}`)
  return { fault, effect: effectOf(fault, planned) }
}
