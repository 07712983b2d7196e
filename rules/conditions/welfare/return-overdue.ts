/**
 * Somebody left (the home, the bed) and has not returned: `back` did not come within `for` after `leaves`, or, with `usual`,
 * within the usual absence plus some standard deviations when that is longer. Leaving again (returning uses the same door)
 * restarts the wait. Evidence commutes, so it may arrive late.
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
import { localText } from '../local-time.ts'
import { absencesOf, countFrom, overlapsAbsence } from './presence.ts'
import {
  formerHealthKeys,
  hasUsualGaps,
  isAlive,
  minSilence,
  recordSample,
  type SensorHealth,
} from './sensor-health.ts'
import { hasSelected, isSelected } from './shared-options.ts'

const schema = z.strictObject({
  leaves: expressionText,
  back: expressionText,
  for: duration.refine((value) => value > 0, 'must be greater than 0'),
  usual: z
    .strictObject({
      /** Standard deviations above the mean. */
      sd: z.number().min(0).max(10),
      /** Known absences before they count. */
      least: z.int().min(2).max(30).default(5),
      /** A shorter absence is not learned: somebody only answered the door. */
      longerThan: duration.default(900_000),
    })
    .optional(),
  /** While true at another member, by its newest values, nobody has left; e.g. the other half of the bed. */
  remains: expressionText.optional(),
  /**
   * Evidence from elsewhere. Where people who left are usually seen elsewhere, an absence without such evidence does not
   * raise: the mat lost a person who is still in bed.
   */
  seen: expressionText.optional(),
  /** Must be true when the wait ends, e.g. that it is still night. */
  onlyIf: expressionText.optional(),
  /** Selects the members that could show a return; default all. Only facts of meta, not readings. */
  watch: expressionText.optional(),
  /**
   * One of them must have sent something within this time before the end; default: not required. A long wait also checks
   * whether they are silent for longer than usual, and continues when one reports again.
   */
  alive: duration.optional(),
  grace: duration.default(300_000),
})

type Usual = NonNullable<z.output<typeof schema>['usual']>

interface Options {
  readonly leaves: Evaluate<boolean>
  readonly back: Evaluate<boolean>
  readonly for: number
  readonly usual?: Usual | undefined
  readonly remains: Evaluate<boolean> | undefined
  readonly seen: Evaluate<boolean> | undefined
  readonly onlyIf: Evaluate<boolean> | undefined
  readonly watch: Evaluate<boolean> | undefined
  readonly alive?: number | undefined
  readonly grace: number
}

interface State {
  /** Newest departure without a return; undefined = present. */
  readonly since?: number
  readonly device?: string
  /** The wait is over without an alert. */
  readonly dismissed?: boolean
  /** The wait ended while no watched member was alive. */
  readonly blind?: boolean
  /** Hub clock, ms: when a watched member reported again after that. */
  readonly aliveSince?: number
  /** Of the watched members, for long waits. */
  readonly health?: SensorHealth
  /** Seen elsewhere since the departure. */
  readonly seenElsewhere?: boolean
  /** Number of returns by people who had been seen elsewhere. */
  readonly seenReturns?: number
  /** Newest absences, minutes. */
  readonly absences: readonly number[]
  readonly phase?: Phase
}

const maxAbsences = 30
/** After this many seen returns the sensors elsewhere are known to see people who get up. */
const minSeenReturns = 3
const present: State = { absences: [] }

export const notBack = defineCondition({
  name: 'notBack',
  about: 'both',
  schema,
  formerStateKeys: {
    settled: 'dismissed',
    woken: 'aliveSince',
    seen: 'seenElsewhere',
    witnessed: 'seenReturns',
    usual: 'absences',
    ...formerHealthKeys,
  },
  build(spec, context): ConditionBehavior<State> {
    const optional = (text: string | undefined, key: string) =>
      text === undefined ? undefined : context.expression(text, key)
    return createReturnOverdue({
      ...spec,
      leaves: context.expression(spec.leaves, 'leaves'),
      back: context.expression(spec.back, 'back'),
      remains: optional(spec.remains, 'remains'),
      seen: optional(spec.seen, 'seen'),
      onlyIf: optional(spec.onlyIf, 'onlyIf'),
      watch: optional(spec.watch, 'watch'),
    })
  },
})

function createReturnOverdue(options: Options): ConditionBehavior<State> {
  return {
    acceptsLate: true,
    readsOtherMembers: options.remains !== undefined,
    needsRepeatedReadings: true,
    applies: (subject) => hasSelected(options.watch, subject),
    step(before, sample) {
      const state = recordHealth(options, before, sample)
      if (sample.offline) return state
      // Only values of this very message count.
      sample.scope.minTime = sample.ts
      if (options.leaves(sample.scope) === true) return onLeave(options, state, sample)
      // No message is later than its arrival: a clock that is ahead must not end the absence.
      if (state?.since === undefined || Math.min(sample.ts, sample.receivedAt) < state.since) return state
      if (options.back(sample.scope) === true) return onReturn(options, state, sample)
      // Evidence from elsewhere: a dismissed absence was real after all.
      if (state.seenElsewhere || options.seen?.(sample.scope) !== true) return state
      return { ...state, seenElsewhere: true, dismissed: undefined }
    },
    due(state, subject, fromReadings) {
      if (state?.since === undefined || state.phase || state.dismissed || fromReadings) return undefined
      if (state.blind && state.aliveSince === undefined) return undefined
      const at = endOf(options, state.since, { state, subject })
      // Somebody who returned while the watch was blind is seen again within the grace period.
      const hub = state.aliveSince === undefined ? at : Math.max(at, state.aliveSince + options.grace)
      return { at, hub, grace: options.grace }
    },
    fire(state, due, subject) {
      if (state?.since === undefined) return undefined
      return onWaitExpired(options, { state, due, subject })
    },
    phase: (state) => state?.phase,
    awaitsAnyMessage: (state) => state?.blind === true && state.aliveSince === undefined,
  }
}

/** Only a wait that is longer than any usual silence can outlast the sensors. */
const needsHealth = ({ alive, for: wait }: Options): boolean => alive !== undefined && wait > minSilence

function recordHealth(options: Options, state: State | undefined, sample: Sample): State | undefined {
  const { member, subject, offline, receivedAt } = sample
  if (!needsHealth(options) || !isSelected(options.watch, subject, member)) return state
  const health = recordSample(state?.health, sample, options.alive)
  const isAliveAgain = !offline && state?.blind && state.aliveSince === undefined
  if (health === state?.health && !isAliveAgain) return state
  return { ...(state ?? present), ...(health && { health }), ...(isAliveAgain && { aliveSince: receivedAt }) }
}

function onLeave(options: Options, state: State | undefined, sample: Sample): State | undefined {
  const { ts, subject, member } = sample
  if (state?.since !== undefined && ts <= state.since) return state
  if (sample.muted && state?.since === undefined) return state
  if (options.remains && isPresentElsewhere(options.remains, sample)) return state
  const device = subject.members[member]?.device.id
  return {
    since: ts,
    ...(device !== undefined && { device }),
    ...(state?.seenReturns && { seenReturns: state.seenReturns }),
    ...(state?.health && { health: state.health }),
    absences: learnAbsence(options, state ?? present, sample),
  }
}

const isPresentElsewhere = (remains: Evaluate<boolean>, { subject, member }: Sample): boolean =>
  subject.members.some((_, other) => other !== member && remains(subject.scope(other)) === true)

function onReturn(options: Options, state: State, sample: Sample): State | undefined {
  const absences = learnAbsence(options, state, sample)
  const seenReturns = Math.min(minSeenReturns, (state.seenReturns ?? 0) + (state.seenElsewhere ? 1 : 0))
  const { health } = state
  if (absences.length === 0 && seenReturns === 0 && !health) return undefined
  return { absences, ...(seenReturns > 0 && { seenReturns }), ...(health && { health }) }
}

/** Adds the absence that this message ends, unless it raised an alert or was planned. */
function learnAbsence(
  { usual }: Options,
  { since, absences, phase }: State,
  { ts, subject }: Sample,
): readonly number[] {
  if (!usual || since === undefined || phase || ts - since <= usual.longerThan) return absences
  if (overlapsAbsence(absencesOf(subject), since, ts)) return absences
  return [...absences, Math.round((ts - since) / 60_000)].slice(-maxAbsences)
}

interface Wait {
  readonly state: State
  readonly subject: Subject
}

function endOf(options: Options, since: number, { state, subject }: Wait): number {
  const limit = Math.max(options.for, usualLimit(options.usual, state.absences) ?? 0)
  return countFrom(absencesOf(subject), since, (from) => from + limit) + limit
}

/** Mean plus standard deviations, ms; undefined until enough absences are known. */
function usualLimit(usual: Usual | undefined, absences: readonly number[]): number | undefined {
  if (!usual || absences.length < usual.least) return undefined
  const mean = meanOf(absences)
  const deviation = Math.sqrt(meanOf(absences.map((minutes) => (minutes - mean) ** 2)))
  return (mean + usual.sd * deviation) * 60_000
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

interface Expiry {
  readonly state: State
  readonly due: Due
  readonly subject: Subject
}

/** Raises, or dismisses the absence, or marks the watch as blind when no watched member is alive. */
function onWaitExpired(options: Options, { state, due, subject }: Expiry): State {
  const { onlyIf, alive } = options
  const watched = [...subject.members.keys()].filter((member) => isSelected(options.watch, subject, member))
  const isAllowed = !onlyIf || onlyIf(subject.scope(watched[0] ?? 0, due.at)) === true
  const isCredible = !options.seen || state.seenElsewhere || (state.seenReturns ?? 0) < minSeenReturns
  if (!isAllowed || !isCredible) return { ...state, dismissed: true }
  const at = Math.max(due.at, state.aliveSince ?? due.at)
  const members = watched.flatMap((member) => subject.members[member] ?? [])
  if (!isSomeAlive(alive, state, { members, at }))
    return needsHealth(options)
      ? { ...state, blind: true, aliveSince: undefined }
      : { ...state, dismissed: true }
  return { ...state, phase: overduePhase(options, { state, due, subject }) }
}

function isSomeAlive(
  alive: number | undefined,
  { health }: State,
  { members, at }: { readonly members: Subject['members']; readonly at: number },
): boolean {
  if (alive === undefined) return members.length > 0
  const liveness = { health, gapsKnown: hasUsualGaps(health, at), offlineAfter: alive, at }
  return members.some((member) => isAlive(member, liveness))
}

function overduePhase(options: Options, { state, due, subject }: Expiry): Phase {
  const startedAt = state.since ?? due.at
  const normalHours = state.absences.length > 0 ? meanOf(state.absences) / 60 : undefined
  return {
    startedAt,
    raisedAt: due.at,
    ...(state.device !== undefined && { device: state.device }),
    detail: {
      hours: Math.round((due.at - startedAt) / 360_000) / 10,
      minutes: Math.round((due.at - startedAt) / 60_000),
      since: localText(subject, startedAt),
      ...(normalHours !== undefined && { normal: Math.round(normalHours * 10) / 10 }),
    },
    ...(usualLimit(options.usual, state.absences) !== undefined && { variant: 'usual' }),
  }
}
