/**
 * One member, or a few, for which `when` holds for `for` while it does not for the rest of the group: a lamp that burns by
 * day, or stays off when its circuit burns. When a crowd (`share` of the group, at least `crowd`) does it, somebody has
 * switched them, and the time counts anew once the crowd is gone. A group of fewer than `crowd` has no crowd.
 *
 * As for a predicate, a member's value holds until its next reading, at most for `hold`; a gap is unknown.
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
  for: duration.refine((value) => value > 0, 'must be longer than nothing'),
  share: z.number().gt(0).max(1),
  crowd: z.int().min(2).max(1000).default(3),
  /** Smallest group that is judged. */
  least: z.int().min(1).max(1000).default(1),
  maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
})

interface Options extends Omit<z.output<typeof schema>, 'when'> {
  readonly when: Evaluate<boolean>
  readonly hold: number
}

/** A member for which `when` holds. Times by its own and by the hub's clock. */
interface One {
  readonly device: string
  readonly since: number
  readonly hub: number
  /** A reading that said so, up to `hold` / `parts` older than the newest one. */
  readonly last: number
}

interface State {
  readonly ones: readonly One[]
  /** When the last crowd was gone. */
  readonly calm?: { readonly at: number; readonly hub: number }
  readonly phase?: Phase
}

/** The newest reading is noted so many times in a `hold`, so that most readings change no state. */
const parts = 4
const none: readonly One[] = []

export const apart = defineCondition({
  name: 'apart',
  about: 'group',
  schema,
  build(spec, context): ConditionBehavior<State> {
    const hold = spec.maxAge ?? context.offlineAfter
    return createApart({ ...spec, hold, when: context.expression(spec.when, 'when') })
  },
})

function createApart(options: Options): ConditionBehavior<State> {
  return {
    maxAge: options.hold,
    applies: (subject) => subject.members.length >= options.least,
    step(state, moment) {
      moment.scope.minTime = moment.ts - options.hold
      const when = moment.offline ? undefined : options.when(moment.scope)
      if (!state && when !== true) return undefined
      const ones = stepMember(options, state?.ones ?? none, { when, moment })
      return ones === state?.ones ? state : settle(options, state, { ones, moment })
    },
    due: (state, subject) => (state ? nextDue(options, state, subject) : undefined),
    fire: (state, { at }, subject) => state && raise(options, state, { at, subject }),
    phase: (state) => state?.phase,
  }
}

interface Told {
  readonly when: boolean | undefined
  readonly moment: Sample
}

function stepMember(options: Options, ones: readonly One[], { when, moment }: Told): readonly One[] {
  const { ts, receivedAt, subject, member, muted } = moment
  const device = subject.members[member]?.device.id ?? ''
  const known = ones.find((one) => one.device === device)
  const isKept = (one: One): boolean => one === known || !isStale(options, one, ts)
  const others = ones.every(isKept) ? ones : ones.filter(isKept)
  if (when === undefined) return others
  if (!when || (muted && !known)) return known ? others.filter((one) => one !== known) : others
  const goesOn = known && ts - known.last <= options.hold && ts >= known.since
  if (goesOn && ts - known.last < options.hold / parts) return others
  const next = goesOn ? { ...known, last: ts } : { device, since: ts, hub: receivedAt, last: ts }
  return [...others.filter((one) => one !== known), next]
}

/** Nobody knows any more; after twice the time, so that members who speak in turn do not fall out of a crowd. */
const isStale = ({ hold }: Options, { last }: One, ts: number): boolean => ts - last > 2 * hold

interface Stepped {
  readonly ones: readonly One[]
  readonly moment: Sample
}

function settle(options: Options, state: State | undefined, { ones, moment }: Stepped): State | undefined {
  const { subject, ts, receivedAt } = moment
  if (ones.length === 0) return undefined
  const was = state !== undefined && !state.phase && isCrowd(options, state.ones, subject)
  const calm = was && !isCrowd(options, ones, subject) ? { at: ts, hub: receivedAt } : state?.calm
  const phase =
    state?.phase && ones.some((one) => isRipe(options, { ones, calm }, one, ts)) ? state.phase : undefined
  return raise(options, { ones, calm, phase }, { at: ts, subject })
}

function isCrowd({ share, crowd }: Options, ones: readonly One[], { members }: Subject): boolean {
  return ones.length >= crowd && ones.length >= share * members.length - 1e-9
}

const endOf = (options: Options, { calm }: Pick<State, 'calm'>, { since }: One): number =>
  Math.max(since, calm?.at ?? since) + options.for

/** It has held for long enough, crowds apart; within a phase also while a crowd joins it. */
const isRipe = (options: Options, state: State, one: One, at: number): boolean =>
  endOf(options, state, one) <= at

function raise(options: Options, state: State, { at, subject }: { at: number; subject: Subject }): State {
  if (state.phase || isCrowd(options, state.ones, subject)) return state
  const ripe = state.ones
    .filter((one) => isRipe(options, state, one, at))
    .sort((a, b) => endOf(options, state, a) - endOf(options, state, b) || (a.device < b.device ? -1 : 1))
  const first = ripe[0]
  if (!first) return state
  const detail = { out: ripe.length, of: subject.members.length }
  const raisedAt = endOf(options, state, first)
  return { ...state, phase: { startedAt: first.since, raisedAt, detail, device: first.device } }
}

function nextDue(options: Options, state: State, subject: Subject): Due | undefined {
  if (state.phase || isCrowd(options, state.ones, subject)) return undefined
  let next: Due | undefined
  for (const one of state.ones) {
    const at = endOf(options, state, one)
    if (at >= one.last + options.hold || (next && at >= next.at)) continue
    const from = state.calm && state.calm.at > one.since ? state.calm : { at: one.since, hub: one.hub }
    next = { at, hub: from.hub + options.for }
  }
  return next
}
