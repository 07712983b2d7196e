/**
 * A home in which less and less happens: signs of life per hour at home, day by day, against the median of the days
 * before. Signs are counted in slots of some minutes, so that one restless sensor does not hide a quiet day. Days mostly
 * away, in the calendar, or with a dead sensor are unknown: they neither count nor break the run. While it lasts the
 * low days are not taken for normal.
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
import { median } from '../robust.ts'
import { absencesOf, overlapsAbsence } from './calendar.ts'
import { offsetOf } from './local-clock.ts'
import {
  awaySince,
  buildPresence,
  isInside,
  type Presence,
  type PresenceOptions,
  presenceSchema,
  stepPresence,
} from './presence.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

const schema = z.strictObject({
  activity: expressionText,
  presence: presenceSchema,
  /** Below this part of the median a day is low. */
  share: z.number().gt(0).lt(1),
  /** Days running. */
  days: z.int().min(1).max(14),
  /** Days whose median is normal, and how many of them must be known. */
  over: z.int().min(3).max(35).default(14),
  least: z.int().min(3).max(35).default(10),
  /** Signs within so long count once. */
  slot: duration.refine((value) => value >= 60_000, 'must be at least 1m').default(300_000),
  /** A day with a longer silence at home is unknown: that is for other rules. */
  silent: duration.default(12 * hourMs),
  /** A day with less time at home is unknown. */
  home: duration.default(8 * hourMs),
  alive: duration.optional(),
  grace: duration.default(300_000),
})

interface Options extends Omit<z.output<typeof schema>, 'activity' | 'presence'> {
  readonly activity: Evaluate<boolean>
  readonly presence: PresenceOptions
}

interface State {
  /** Start of the local day that is being counted, event time in ms. */
  readonly day: number
  /** Slots with a sign on that day, and the newest of them. */
  readonly count: number
  readonly slot: number
  /** Time away on that day, ms. */
  readonly out: number
  /** It had too long a silence. */
  readonly spoilt?: boolean
  readonly presence?: Presence
  /** Signs per hour at home of the days before, newest last. */
  readonly rates: readonly number[]
  /** Low days running, with the start of the first. */
  readonly low: number
  readonly since?: number
  readonly phase?: Phase
}

export const fewer = defineCondition({
  name: 'fewer',
  about: 'group',
  schema,
  build(spec, context): Condition<State> {
    if (spec.least > spec.over) context.addProblem('cannot be more than `over`', 'least')
    return createFewer({
      ...spec,
      activity: context.expression(spec.activity, 'activity'),
      presence: buildPresence(spec.presence, context, 'presence'),
    })
  },
})

function createFewer(options: Options): Condition<State> {
  return {
    clock: 'device',
    acceptsLate: true,
    needsRepeatedReadings: true,
    clearedByPerson: false,
    applies: (subject) => subject.members.some((_, member) => isInside(options.presence, subject, member)),
    begin: first,
    step(state, moment) {
      if (!state || moment.offline) return state
      // Only what this very message tells.
      moment.scope.minTime = moment.ts
      const presence = stepPresence(options.presence, state.presence, moment)
      const isSign = options.activity(moment.scope) === true
      if (!isSign && presence === state.presence) return state
      return take(options, state, { moment, isSign, presence })
    },
    due(state) {
      if (!state) return undefined
      const at = state.day + dayMs
      return { at, hub: at, grace: options.grace }
    },
    fire: (state, due, subject) => state && closeDay(options, { state, due, subject }),
    phase: (state) => state?.phase,
  }
}

/** The first day counts that the hub sees from its beginning. */
function first(at: number, subject: Subject): State {
  const offset = offsetOf(subject, at)
  const day = Math.ceil((at + offset) / dayMs) * dayMs - offset
  return { day, count: 0, slot: 0, out: 0, rates: [], low: 0 }
}

interface Taking {
  readonly moment: Sample
  readonly isSign: boolean
  readonly presence: Presence | undefined
}

function take(options: Options, state: State, { moment: { ts }, isSign, presence }: Taking): State {
  const slot = Math.floor(ts / options.slot)
  const counts = isSign && ts >= state.day && slot !== state.slot
  if (!counts && presence === state.presence) return state
  const { presence: former, ...rest } = state
  const away = awaySince(options.presence, former, ts)
  return {
    ...rest,
    ...(counts && { count: state.count + 1, slot }),
    ...(counts && away === undefined && isSilent(options, state, ts) && { spoilt: true }),
    out: away === undefined || presence === former ? state.out : state.out + outWithin(state, away, ts),
    ...(presence && { presence }),
  }
}

/** Since the newest sign it is too long; before the first one nobody knows. */
const isSilent = ({ silent, slot: step }: Options, { slot }: State, now: number): boolean =>
  slot > 0 && now - (slot + 1) * step > silent

const outWithin = ({ day }: State, from: number, to: number): number =>
  Math.max(0, Math.min(to, day + dayMs) - Math.max(from, day))

interface Closing {
  readonly state: State
  readonly due: Due
  readonly subject: Subject
}

/** Midnight: the day is over and is judged. */
function closeDay(options: Options, { state, due, subject }: Closing): State {
  const next: State = { ...state, day: nextDay(subject, due.at), count: 0, out: 0, spoilt: undefined }
  const rate = rateOf(options, { state, due, subject })
  if (rate === undefined) return next
  const normal = state.rates.length >= options.least ? median(state.rates) : undefined
  const isLow = normal !== undefined && rate < options.share * normal
  if (!isLow) return { ...next, rates: [...state.rates, rate].slice(-options.over), ...over }
  const low = state.low + 1
  const since = state.since ?? state.day
  if (state.phase || low < options.days) return { ...next, low, since }
  const detail = { percent: Math.round((100 * rate) / normal), days: low }
  return { ...next, low, since, phase: { startedAt: since, raisedAt: due.at, detail } }
}

const over = { low: 0, since: undefined, phase: undefined }

/** Days have 23 or 25 hours when the clocks change. */
function nextDay(subject: Subject, at: number): number {
  const offset = offsetOf(subject, at + hourMs)
  return Math.round((at + offset) / dayMs) * dayMs - offset
}

/** Signs per hour at home; undefined when the day tells nothing. */
function rateOf(options: Options, { state, due, subject }: Closing): number | undefined {
  const { alive, presence } = options
  if (overlapsAbsence(absencesOf(subject), state.day, due.at)) return undefined
  const isDead = ({ lastSeenAt: heardAt }: Subject['members'][number]): boolean =>
    alive !== undefined && (heardAt === undefined || heardAt < due.at - alive)
  if (subject.members.some((one, member) => isInside(presence, subject, member) && isDead(one)))
    return undefined
  const away = awaySince(presence, state.presence, due.at)
  if (state.spoilt || (away === undefined && isSilent(options, state, due.at))) return undefined
  const out = state.out + (away === undefined ? 0 : outWithin(state, away, due.at))
  const home = due.at - state.day - out
  return home < options.home ? undefined : Math.round((state.count / (home / hourMs)) * 1000) / 1000
}
