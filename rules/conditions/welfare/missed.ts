/**
 * A daily activity that did not happen: no `evidence` in the home between two local hours although somebody was there. A day
 * is skipped when the residents were away for more than `out` of those hours, during a planned absence, and when no watched
 * sensor was alive.
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
import { dayMs, hourMs, offsetOf } from '../local-time.ts'
import {
  absencesOf,
  awaySince,
  buildPresence,
  formerPresenceKeys,
  overlapsAbsence,
  type Presence,
  type PresenceOptions,
  presenceSchema,
  stepPresence,
} from './presence.ts'
import { formerHealthKeys, isAlive, recordSample, type SensorHealth } from './sensor-health.ts'
import { hasSelected, selectedMembers } from './shared-options.ts'

const keptDays = 28
/** Days before `usually` and the usual gaps of sensors count. */
const minDays = 7
const hour = z.number().min(0).max(24)

const schema = z.strictObject({
  evidence: expressionText,
  /** Selects the members that give evidence; only facts of meta, not readings. */
  watch: expressionText,
  /** Local hours, `from` before `to`. */
  from: hour,
  to: hour,
  presence: presenceSchema,
  out: duration,
  /** Share of the days on which it must usually happen; not checked before a week is known. */
  usually: z.number().min(0).max(1).default(0),
  alive: duration.optional(),
  grace: duration.default(300_000),
})

interface Options {
  readonly evidence: Evaluate<boolean>
  readonly watch: Evaluate<boolean>
  readonly from: number
  readonly to: number
  readonly presence: PresenceOptions
  readonly out: number
  readonly usually: number
  readonly alive?: number | undefined
  readonly grace: number
}

interface State {
  /** Windows that begin before this instant are done; the first one must be seen from its beginning. */
  readonly doneUntil: number
  /** Time away within the current window, ms. */
  readonly timeAway: number
  /** Newest days: `+` it happened, `-` it did not; skipped days are left out. */
  readonly outcomes: string
  readonly presence?: Presence
  /** Of the watched sensors. */
  readonly health?: SensorHealth
  readonly phase?: Phase
}

interface Window {
  readonly from: number
  readonly to: number
}

export const missed = defineCondition({
  name: 'missed',
  about: 'group',
  schema,
  formerStateKeys: {
    after: 'doneUntil',
    out: 'timeAway',
    days: 'outcomes',
    ...formerPresenceKeys,
    ...formerHealthKeys,
  },
  build(spec, context): ConditionBehavior<State> {
    if (spec.from >= spec.to) context.addProblem('must be later than `from`', 'to')
    return createMissed({
      ...spec,
      from: spec.from * hourMs,
      to: spec.to * hourMs,
      evidence: context.expression(spec.evidence, 'evidence'),
      watch: context.expression(spec.watch, 'watch'),
      presence: buildPresence(spec.presence, context, 'presence'),
    })
  },
})

function createMissed(options: Options): ConditionBehavior<State> {
  return {
    acceptsLate: true,
    needsRepeatedReadings: true,
    applies: (subject) => hasSelected(options.watch, subject),
    begin: (at) => ({ doneUntil: at, timeAway: 0, outcomes: '' }),
    step(before, sample) {
      if (!before) return before
      const isWatching = options.watch(sample.scope) === true
      const state = isWatching ? recordHealth(options, before, sample) : before
      if (sample.offline) return state
      // Only values of this very message count.
      sample.scope.minTime = sample.ts
      const isEvidence = isWatching && options.evidence(sample.scope) === true
      const presence = stepPresence(options.presence, state.presence, sample)
      if (!isEvidence && presence === state.presence) return state
      return applyEvidence(options, state, { sample, isEvidence, presence })
    },
    due(state, subject) {
      if (!state) return undefined
      const { to } = nextWindow(options, state.doneUntil, subject)
      return { at: to, hub: to, grace: options.grace }
    },
    fire: (state, due, subject) => state && closeWindow(options, { state, due, subject }),
    phase: (state) => state?.phase,
  }
}

function recordHealth({ alive }: Options, state: State, sample: Sample): State {
  const health = recordSample(state.health, sample, alive)
  return health === state.health ? state : { ...state, health }
}

/** The first daily window that begins at or after an instant. */
function nextWindow({ from, to }: Options, after: number, subject: Subject): Window {
  const offset = offsetOf(subject, after)
  const midnight = Math.ceil((after + offset - from) / dayMs) * dayMs - offset
  return { from: midnight + from, to: midnight + to }
}

interface Evidence {
  readonly sample: Sample
  readonly isEvidence: boolean
  readonly presence: Presence | undefined
}

function applyEvidence(options: Options, state: State, { sample, isEvidence, presence }: Evidence): State {
  const { ts, subject } = sample
  const window = nextWindow(options, state.doneUntil, subject)
  const away = awaySince(options.presence, state.presence, ts)
  const timeAway = state.timeAway + (away === undefined ? 0 : overlap(window, { from: away, to: ts }))
  const isDone = isEvidence && ts >= window.from && ts < window.to
  // Late evidence shows that the activity was not missed at all.
  const phase = isEvidence && state.phase && ts >= state.phase.startedAt ? undefined : state.phase
  const next = isDone
    ? { doneUntil: window.to, timeAway: 0, outcomes: `${state.outcomes}+`.slice(-keptDays) }
    : { doneUntil: state.doneUntil, timeAway, outcomes: state.outcomes }
  const { health } = state
  return { ...next, ...(presence && { presence }), ...(health && { health }), ...(phase && { phase }) }
}

const overlap = (one: Window, other: Window): number =>
  Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from))

interface WindowEnd {
  readonly state: State
  readonly due: Due
  readonly subject: Subject
}

/** The window ended without evidence. */
function closeWindow(options: Options, { state, due, subject }: WindowEnd): State {
  const window = nextWindow(options, state.doneUntil, subject)
  const away = awaySince(options.presence, state.presence, window.to)
  const timeAway = state.timeAway + (away === undefined ? 0 : overlap(window, { from: away, to: window.to }))
  const next: State = { ...state, doneUntil: window.to, timeAway: 0 }
  const isPlannedAbsence = overlapsAbsence(absencesOf(subject), window.from, window.to)
  const watched = selectedMembers(options.watch, subject)
  const isKnown =
    !isPlannedAbsence && timeAway <= options.out && isSomeAlive(options, state, { watched, at: due.at })
  if (!isKnown) return next
  const noted = { ...next, outcomes: `${state.outcomes}-`.slice(-keptDays) }
  if (state.phase || !isUsual(options, state.outcomes)) return noted
  return { ...noted, phase: { startedAt: window.from, raisedAt: due.at, device: watched[0]?.device.id } }
}

/** No alert for an activity that rarely happens in this home, e.g. cooking in the morning. */
function isUsual({ usually }: Options, outcomes: string): boolean {
  const happened = outcomes.length - outcomes.replaceAll('+', '').length
  return outcomes.length < minDays || happened >= usually * outcomes.length
}

/** A sensor that usually reports hourly counts as dead after two silent hours, long before the offline limit. */
function isSomeAlive(
  { alive }: Options,
  { health, outcomes }: State,
  { watched, at }: { readonly watched: Subject['members']; readonly at: number },
): boolean {
  if (alive === undefined) return true
  const gapsKnown = outcomes.length >= minDays
  return watched.some((one) => isAlive(one, { health, gapsKnown, offlineAfter: alive, at }))
}
