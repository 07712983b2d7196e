/**
 * Expected activity that does not happen: no `evidence` for the duration `for`, from a device or from the watched devices of
 * a home.
 *
 * Raised only while a watched sensor is alive (`alive`): a dead sensor is no evidence about people. `unless` is secondary
 * evidence from the other devices that postpones the end: with activity in the last 12 h nobody is missed. Evidence commutes
 * (the newest counts), so it may arrive late. When all those other devices are silent for longer than usual, and the watched
 * ones with them, the home is unreachable (its gateway is down): the condition waits until a message arrives again, and then
 * for buffered ones.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import {
  type ConditionBehavior,
  defineCondition,
  type MemberFacts,
  type Phase,
  type Sample,
  type Subject,
} from '../condition.ts'
import { absencesOf, countFrom } from './presence.ts'
import {
  formerHealthKeys,
  hasUsualGaps,
  isAlive,
  minSilence,
  recordSample,
  type SensorHealth,
} from './sensor-health.ts'
import {
  buildLimits,
  hasSelected,
  isSelected,
  type Limits,
  limitOf,
  limitsSchema,
  selectedMembers,
} from './shared-options.ts'

const schema = z.strictObject({
  evidence: expressionText,
  for: duration,
  /** Other limits for some subjects; the first that is true counts. Only facts of the home and meta, not readings. */
  limits: limitsSchema,
  /** Selects the members that give evidence; default all. Only facts of meta, not readings. */
  watch: expressionText.optional(),
  /**
   * Selects the other members that share a gateway with the watched ones and fall silent with them; default all. Only facts
   * of meta. A device with a connection of its own is no evidence about the gateway.
   */
  companions: expressionText.optional(),
  /** A watched device must have sent something within this time before the end; default: not required. */
  alive: duration.optional(),
  unless: z.strictObject({ activity: expressionText, within: duration }).optional(),
  /** The opposite of `unless`: raised only if there was such activity within this time. */
  provided: z.strictObject({ activity: expressionText, within: duration }).optional(),
  /** Planned absences of the home do not count, and counting restarts after them. */
  calendar: z.boolean().default(false),
  grace: duration.default(300_000),
})

interface SecondaryEvidence {
  readonly activity: Evaluate<boolean>
  readonly within: number
}

interface Options extends Limits {
  readonly evidence: Evaluate<boolean>
  readonly watch: Evaluate<boolean> | undefined
  readonly companions: Evaluate<boolean> | undefined
  readonly alive: number | undefined
  readonly unless: SecondaryEvidence | undefined
  readonly provided: SecondaryEvidence | undefined
  readonly calendar: boolean
  readonly grace: number
}

interface State {
  /** Hub clock, ms: when the watch began. */
  readonly watchedSince: number
  /** Newest evidence; undefined = none since the watch began. */
  readonly lastEvidence?: number
  /** Newest activity of the other devices. */
  readonly lastActivity?: number
  /** The limit expired while no watched sensor was alive; counting restarts when one reports. */
  readonly blind?: boolean
  /** The limit expired while the whole home was silent; waits for any message. */
  readonly unreachable?: boolean
  /** Hub clock, ms: first message after that. */
  readonly reachableSince?: number
  /** Of the devices that give secondary evidence. */
  readonly health?: SensorHealth
  readonly phase?: Phase
}

export const absence = defineCondition({
  name: 'absence',
  about: 'both',
  schema,
  formerStateKeys: {
    from: 'watchedSince',
    last: 'lastEvidence',
    active: 'lastActivity',
    unheard: 'unreachable',
    woken: 'reachableSince',
    ...formerHealthKeys,
  },
  build(spec, context): ConditionBehavior<State> {
    if (spec.unless && spec.provided) context.addProblem('cannot stand beside `unless`', 'provided')
    const secondary = (key: 'unless' | 'provided') =>
      spec[key] && {
        within: spec[key].within,
        activity: context.expression(spec[key].activity, key, 'activity'),
      }
    return createAbsence({
      calendar: spec.calendar,
      for: spec.for,
      alive: spec.alive,
      grace: spec.grace,
      evidence: context.expression(spec.evidence, 'evidence'),
      limits: buildLimits(spec.limits, context),
      companions:
        spec.companions === undefined ? undefined : context.expression(spec.companions, 'companions'),
      watch: spec.watch === undefined ? undefined : context.expression(spec.watch, 'watch'),
      unless: secondary('unless'),
      provided: secondary('provided'),
    })
  },
})

function createAbsence(options: Options): ConditionBehavior<State> {
  return {
    acceptsLate: true,
    needsRepeatedReadings: true,
    applies: (subject) => hasSelected(options.watch, subject),
    begin: (at) => ({ watchedSince: at }),
    step(before, sample) {
      if (!before) return before
      const state = recordHealth(options, before, sample)
      // Only values of this very message are evidence, not older known ones.
      sample.scope.minTime = sample.ts
      const watched = !options.watch || options.watch(sample.scope) === true
      return watched ? stepWatched(options, state, sample) : stepOther(options, state, sample)
    },
    due(state, subject, fromReadings) {
      if (!state || state.phase || state.blind || state.unreachable || fromReadings) return undefined
      const at = endOf(options, state, subject)
      if (options.provided && !wasActive(options.provided, state, at)) return undefined
      const hub = state.reachableSince === undefined ? at : Math.max(at, state.reachableSince + options.grace)
      return { at, hub, grace: options.grace }
    },
    fire(state, { at }, subject) {
      if (!state) return undefined
      const now = Math.max(at, state.reachableSince ?? at)
      if (isUnreachable(options, state, { subject, at: now }))
        return { ...state, unreachable: true, reachableSince: undefined }
      return onLimitExpired(options, { state, at, subject })
    },
    phase: (state) => state?.phase,
    awaitsAnyMessage: (state) => state?.blind === true || state?.unreachable === true,
  }
}

/** Records which sensors beside the watched ones are alive, to recognise an unreachable home. */
function recordHealth(options: Options, state: State, sample: Sample): State {
  const { alive, unless } = options
  if (alive === undefined || !unless) return state
  const { member, subject, offline, receivedAt } = sample
  const health = isCompanion(options, subject, member)
    ? recordSample(state.health, sample, alive)
    : state.health
  const isReachableAgain = !offline && state.unreachable === true
  if (health === state.health && !isReachableAgain) return state
  return {
    ...state,
    health,
    ...(isReachableAgain && { unreachable: undefined, reachableSince: receivedAt }),
  }
}

/** All companions fell silent, and no watched device has sent anything recently. */
function isUnreachable(
  options: Options,
  { health }: State,
  { subject, at }: { subject: Subject; at: number },
): boolean {
  const { alive } = options
  if (alive === undefined || !options.unless || !hasUsualGaps(health, at)) return false
  const liveness = { health, gapsKnown: true, offlineAfter: alive, at }
  const isReachable = (one: MemberFacts, member: number): boolean => {
    if (isSelected(options.watch, subject, member))
      return at - (one.lastSeenAt ?? Number.NEGATIVE_INFINITY) <= minSilence
    return isCompanion(options, subject, member) && isAlive(one, liveness)
  }
  const hasCompanions = subject.members.some((_, member) => isCompanion(options, subject, member))
  return hasCompanions && !subject.members.some(isReachable)
}

function stepWatched(options: Options, state: State, sample: Sample): State {
  if (sample.offline) return state
  const { ts } = sample
  const isEvidence = options.evidence(sample.scope) === true
  if (!isEvidence && !state.blind) return state
  if (state.lastEvidence !== undefined && ts <= state.lastEvidence)
    return state.blind ? { ...state, blind: undefined } : state
  return clearIfPostponed(options, { ...state, lastEvidence: ts, blind: undefined }, sample)
}

function stepOther(options: Options, state: State, sample: Sample): State {
  const { ts, subject } = sample
  if ((options.unless ?? options.provided)?.activity(sample.scope) !== true) return state
  if (state.lastActivity !== undefined && ts <= state.lastActivity) return state
  const next: State = { ...state, lastActivity: ts }
  if (options.provided && !state.phase && !state.blind && ts >= endOf(options, state, subject))
    return onLimitExpired(options, { state: next, at: ts, subject })
  return clearIfPostponed(options, next, sample)
}

/** The other devices were active within the time that ends at `at`. */
const wasActive = ({ within }: SecondaryEvidence, state: State, at: number): boolean =>
  state.lastActivity !== undefined && state.lastActivity >= at - within

/** New evidence ends the episode when it moves the end beyond the time at which the alert was raised. */
function clearIfPostponed(options: Options, state: State, { subject }: Sample): State {
  if (!state.phase) return state
  return endOf(options, state, subject) > state.phase.raisedAt ? { ...state, phase: undefined } : state
}

function endOf(options: Options, state: State, subject: Subject): number {
  const end = countedFrom(options, state, subject) + limitOf(options, subject)
  if (!options.unless || state.lastActivity === undefined) return end
  return Math.max(end, state.lastActivity + options.unless.within)
}

/** The newest evidence, or the end of a planned absence after it. */
function countedFrom(options: Options, state: State, subject: Subject): number {
  const last = state.lastEvidence ?? state.watchedSince
  if (!options.calendar) return last
  const limit = limitOf(options, subject)
  return countFrom(absencesOf(subject), last, (from) => from + limit)
}

const isCompanion = ({ watch, companions }: Options, subject: Subject, member: number): boolean =>
  !isSelected(watch, subject, member) && isSelected(companions, subject, member)

interface Expiry {
  readonly state: State
  readonly at: number
  readonly subject: Subject
}

/** Raises, or marks the watch as blind when no watched sensor is alive. */
function onLimitExpired(options: Options, { state, at, subject }: Expiry): State {
  const { alive } = options
  const watched = selectedMembers(options.watch, subject)
  const isSomeAlive = watched.some(
    ({ lastSeenAt }) => lastSeenAt !== undefined && lastSeenAt >= at - (alive ?? 0),
  )
  if (alive !== undefined && !isSomeAlive) return { ...state, blind: true }
  const startedAt = countedFrom(options, state, subject)
  const detail = { hours: Math.round((at - startedAt) / 360_000) / 10 }
  return { ...state, phase: { startedAt, raisedAt: at, detail, device: watched[0]?.device.id } }
}
