/**
 * Something that belongs to every day and did not come: no `evidence` in the home between two local hours, although
 * somebody was there. A day is left out when the residents were out for more than `out` of those hours, or away by the
 * calendar, or when no watched sensor was alive.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import {
  type Condition,
  type Due,
  defineCondition,
  type Phase,
  type Sample,
  type Subject,
} from '../condition.ts'
import { absencesOf, overlapsAbsence } from './calendar.ts'
import { offsetOf } from './local-clock.ts'
import {
  awaySince,
  buildPresence,
  type Presence,
  type PresenceOptions,
  presenceSchema,
  stepPresence,
} from './presence.ts'
import { isAlive, noteGone, noteMessage, noVitals, type Vitals } from './sensor-health.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const keptDays = 28
const leastDays = 7
const hour = z.number().min(0).max(24)

const schema = z.strictObject({
  evidence: expressionText,
  /** Which members give evidence; only facts of meta, not readings. */
  watch: expressionText,
  /** Local hours, `from` before `to`. */
  from: hour,
  to: hour,
  presence: presenceSchema,
  out: duration,
  /** Part of the days on which it must usually come; until a week is known, every day. */
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
  /** Windows that begin before this instant are dealt with; the first counts that is seen from its beginning. */
  readonly after: number
  /** Nobody was there for so long of the window that is next, ms. */
  readonly out: number
  /** The newest days: `+` it came, `-` it did not; days left out are not written. */
  readonly days: string
  readonly presence?: Presence
  /** Of the watched sensors. */
  readonly vitals?: Vitals
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
  build(spec, context): Condition<State> {
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

function createMissed(options: Options): Condition<State> {
  return {
    clock: 'device',
    acceptsLate: true,
    needsRepeatedReadings: true,
    clearedByPerson: false,
    applies: (subject) => subject.members.some((_, member) => isWatched(options, subject, member)),
    begin: (at) => ({ after: at, out: 0, days: '' }),
    step(state, moment) {
      if (!state) return state
      const watched = options.watch(moment.scope) === true
      if (moment.offline) return watched ? withVitals(state, noteGone(vitalsOf(state), idOf(moment))) : state
      // Only what this very message tells.
      moment.scope.minTime = moment.ts
      const heard = watched ? hearSensor(options, state, moment) : state
      const seen = watched && options.evidence(moment.scope) === true
      const former = heard.presence
      const presence = stepPresence(options.presence, former, moment)
      if (!seen && presence === former) return heard
      return take(options, heard, { moment, seen, presence })
    },
    due(state, subject) {
      if (!state) return undefined
      const { to } = nextWindow(options, state.after, subject)
      return { at: to, hub: to, grace: options.grace }
    },
    fire: (state, due, subject) => state && close(options, { state, due, subject }),
    phase: (state) => state?.phase,
  }
}

const isWatched = ({ watch }: Options, subject: Subject, member: number): boolean =>
  watch(subject.scope(member)) === true

const idOf = ({ subject, member }: Sample): string => subject.members[member]?.device.id ?? ''
const vitalsOf = ({ vitals }: State): Vitals => vitals ?? noVitals
const withVitals = (state: State, vitals: Vitals): State =>
  vitals === vitalsOf(state) ? state : { ...state, vitals }

function hearSensor({ alive }: Options, state: State, moment: Sample): State {
  if (alive === undefined) return state
  return withVitals(
    state,
    noteMessage(vitalsOf(state), idOf(moment), { ts: moment.ts, receivedAt: moment.receivedAt, alive }),
  )
}

/** The first window of a day that begins at or after an instant. */
function nextWindow({ from, to }: Options, after: number, subject: Subject): Window {
  const offset = offsetOf(subject, after)
  const day = Math.ceil((after + offset - from) / dayMs) * dayMs - offset
  return { from: day + from, to: day + to }
}

interface Taking {
  readonly moment: Sample
  readonly seen: boolean
  readonly presence: Presence | undefined
}

function take(options: Options, state: State, { moment, seen, presence }: Taking): State {
  const { ts, subject } = moment
  const window = nextWindow(options, state.after, subject)
  const away = awaySince(options.presence, state.presence, ts)
  const out = away === undefined ? state.out : state.out + overlap(window, { from: away, to: ts })
  const isDone = seen && ts >= window.from && ts < window.to
  // Evidence that comes late shows that it was not missed at all.
  const phase = seen && state.phase && ts >= state.phase.startedAt ? undefined : state.phase
  const next = isDone
    ? { after: window.to, out: 0, days: `${state.days}+`.slice(-keptDays) }
    : { after: state.after, out, days: state.days }
  const { vitals } = state
  return { ...next, ...(presence && { presence }), ...(vitals && { vitals }), ...(phase && { phase }) }
}

const overlap = (one: Window, other: Window): number =>
  Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from))

interface Closing {
  readonly state: State
  readonly due: Due
  readonly subject: Subject
}

/** The window is over without evidence. */
function close(options: Options, { state, due, subject }: Closing): State {
  const window = nextWindow(options, state.after, subject)
  const away = awaySince(options.presence, state.presence, window.to)
  const out = state.out + (away === undefined ? 0 : overlap(window, { from: away, to: window.to }))
  const next: State = { ...state, after: window.to, out: 0 }
  const known = overlapsAbsence(absencesOf(subject), window.from, window.to)
  const watched = subject.members.filter((_, member) => isWatched(options, subject, member))
  if (known || out > options.out || !someAlive(options, state, { watched, at: due.at })) return next
  const noted = { ...next, days: `${state.days}-`.slice(-keptDays) }
  if (state.phase || !isUsual(options, state.days)) return noted
  return { ...noted, phase: { startedAt: window.from, raisedAt: due.at, device: watched[0]?.device.id } }
}

/** Who never cooks in the morning is not missed there. */
function isUsual({ usually }: Options, days: string): boolean {
  const came = days.length - days.replaceAll('+', '').length
  return days.length < leastDays || came >= usually * days.length
}

/** A sensor that usually speaks every hour and has not for two is no witness, long before it counts as offline. */
function someAlive(
  { alive }: Options,
  { vitals, days }: State,
  { watched, at }: { readonly watched: Subject['members']; readonly at: number },
): boolean {
  if (alive === undefined) return true
  const paced = days.length >= leastDays
  return watched.some((one) => isAlive(one, { vitals, paced, alive, at }))
}
