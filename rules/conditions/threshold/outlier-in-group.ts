/**
 * One member, or a few, for which `when` is true for `for` while it is not for the rest of the group: a lamp that burns by
 * day, or stays off while its circuit burns. When a crowd (`share` of the group, at least `crowd`) does it, they were
 * switched on purpose, and counting restarts when the crowd is gone. A group smaller than `crowd` has no crowd.
 *
 * As for a predicate, a member's value counts until its next reading, at most for `maxAge`; a gap is unknown.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import {
  type ConditionBehavior,
  type Due,
  defineCondition,
  type Phase,
  type Sample,
  type Subject,
} from '../condition.ts'

const schema = z.strictObject({
  when: expressionText,
  for: duration.refine((value) => value > 0, 'must be greater than 0'),
  share: z.number().gt(0).max(1),
  crowd: z.int().min(2).max(1000).default(3),
  /** Smallest group that is evaluated. */
  least: z.int().min(1).max(1000).default(1),
  maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
})

interface Options extends Omit<z.output<typeof schema>, 'when'> {
  readonly when: Evaluate<boolean>
  readonly maxAge: number
}

/** A member for which `when` is true; `since` is event time, `receivedAt` the hub clock. */
interface Outlier {
  readonly device: string
  readonly since: number
  readonly receivedAt: number
  /** A reading with `when` true, at most `maxAge / updatesPerMaxAge` older than the newest. */
  readonly lastAt: number
}

interface State {
  readonly outliers: readonly Outlier[]
  /** When the last crowd dissolved: event time and hub clock. */
  readonly lastCrowdEnd?: { readonly at: number; readonly receivedAt: number }
  readonly phase?: Phase
}

/** How often `lastAt` is updated per `maxAge`, so that most readings change no state. */
const updatesPerMaxAge = 4
const none: readonly Outlier[] = []

export const outlierInGroup = defineCondition({
  name: 'apart',
  about: 'group',
  schema,
  formerStateKeys: { ones: 'outliers', calm: 'lastCrowdEnd', hub: 'receivedAt', last: 'lastAt' },
  build(spec, context): ConditionBehavior<State> {
    const maxAge = spec.maxAge ?? context.offlineAfter
    return createOutlierInGroup({ ...spec, maxAge, when: context.expression(spec.when, 'when') })
  },
})

function createOutlierInGroup(options: Options): ConditionBehavior<State> {
  return {
    maxAge: options.maxAge,
    applies: (subject) => subject.members.length >= options.least,
    step(state, sample) {
      sample.scope.minTime = sample.ts - options.maxAge
      const when = sample.offline ? undefined : options.when(sample.scope)
      if (!state && when !== true) return undefined
      const outliers = stepMember(options, state?.outliers ?? none, { when, sample })
      return outliers === state?.outliers ? state : settle(options, state, { outliers, sample })
    },
    due: (state, subject) => (state ? nextDue(options, state, subject) : undefined),
    fire: (state, { at }, subject) => state && raise(options, state, { at, subject }),
    phase: (state) => state?.phase,
  }
}

interface MemberStep {
  readonly when: boolean | undefined
  readonly sample: Sample
}

function stepMember(
  options: Options,
  outliers: readonly Outlier[],
  { when, sample }: MemberStep,
): readonly Outlier[] {
  const { ts, receivedAt, subject, member, muted } = sample
  const device = subject.members[member]?.device.id ?? ''
  const known = outliers.find((one) => one.device === device)
  const isKept = (one: Outlier): boolean => one === known || !isStale(options, one, ts)
  const others = outliers.every(isKept) ? outliers : outliers.filter(isKept)
  if (when === undefined) return others
  if (!when || (muted && !known)) return known ? others.filter((one) => one !== known) : others
  const continues = known && ts - known.lastAt <= options.maxAge && ts >= known.since
  if (continues && ts - known.lastAt < options.maxAge / updatesPerMaxAge) return others
  const next = continues ? { ...known, lastAt: ts } : { device, since: ts, receivedAt, lastAt: ts }
  return [...others.filter((one) => one !== known), next]
}

/** Unknown by now. Twice `maxAge`, so that members that report in turn do not drop out of a crowd. */
const isStale = ({ maxAge }: Options, { lastAt }: Outlier, ts: number): boolean => ts - lastAt > 2 * maxAge

interface GroupStep {
  readonly outliers: readonly Outlier[]
  readonly sample: Sample
}

function settle(
  options: Options,
  state: State | undefined,
  { outliers, sample }: GroupStep,
): State | undefined {
  const { subject, ts, receivedAt } = sample
  if (outliers.length === 0) return undefined
  const wasCrowd = state !== undefined && !state.phase && isCrowd(options, state.outliers, subject)
  const lastCrowdEnd =
    wasCrowd && !isCrowd(options, outliers, subject) ? { at: ts, receivedAt } : state?.lastCrowdEnd
  const phase =
    state?.phase && outliers.some((one) => isDue(options, { outliers, lastCrowdEnd }, one, ts))
      ? state.phase
      : undefined
  return raise(options, { outliers, lastCrowdEnd, phase }, { at: ts, subject })
}

function isCrowd({ share, crowd }: Options, outliers: readonly Outlier[], { members }: Subject): boolean {
  return outliers.length >= crowd && outliers.length >= share * members.length - 1e-9
}

const deadlineOf = (
  options: Options,
  { lastCrowdEnd }: Pick<State, 'lastCrowdEnd'>,
  { since }: Outlier,
): number => Math.max(since, lastCrowdEnd?.at ?? since) + options.for

/** `when` was true for `for` without a crowd; during a phase a crowd may join. */
const isDue = (options: Options, state: State, one: Outlier, at: number): boolean =>
  deadlineOf(options, state, one) <= at

function raise(options: Options, state: State, { at, subject }: { at: number; subject: Subject }): State {
  if (state.phase || isCrowd(options, state.outliers, subject)) return state
  const due = state.outliers
    .filter((one) => isDue(options, state, one, at))
    .sort(
      (a, b) =>
        deadlineOf(options, state, a) - deadlineOf(options, state, b) || (a.device < b.device ? -1 : 1),
    )
  const first = due[0]
  if (!first) return state
  const detail = { out: due.length, of: subject.members.length }
  const raisedAt = deadlineOf(options, state, first)
  return { ...state, phase: { startedAt: first.since, raisedAt, detail, device: first.device } }
}

function nextDue(options: Options, state: State, subject: Subject): Due | undefined {
  if (state.phase || isCrowd(options, state.outliers, subject)) return undefined
  let next: Due | undefined
  for (const one of state.outliers) {
    const at = deadlineOf(options, state, one)
    if (at >= one.lastAt + options.maxAge || (next && at >= next.at)) continue
    const from =
      state.lastCrowdEnd && state.lastCrowdEnd.at > one.since
        ? state.lastCrowdEnd
        : { at: one.since, receivedAt: one.receivedAt }
    next = { at, hub: from.receivedAt + options.for }
  }
  return next
}
