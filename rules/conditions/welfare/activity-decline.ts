/**
 * Declining activity of a home: activity per hour at home, day by day, against the median of the days before. Activity is
 * counted in slots of some minutes, so that one very active sensor does not hide a quiet day. Days mostly away, days with a
 * planned absence and days with a dead sensor are unknown: they neither count nor interrupt the run. Low days of an episode
 * are not learned.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, type Due, defineCondition, type Phase, type Subject } from '../condition.ts'
import { dayMs, hourMs, offsetOf } from '../local-time.ts'
import { median } from '../robust.ts'
import {
  absencesOf,
  awaySince,
  buildPresence,
  formerPresenceKeys,
  isInside,
  overlapsAbsence,
  type Presence,
  type PresenceOptions,
  presenceSchema,
  stepPresence,
} from './presence.ts'

const schema = z.strictObject({
  activity: expressionText,
  presence: presenceSchema,
  /** A day below this share of the median is low. */
  share: z.number().gt(0).lt(1),
  /** Consecutive low days that raise an alert. */
  days: z.int().min(1).max(14),
  /** Length of the history in days, and how many of them must be known. */
  over: z.int().min(3).max(35).default(14),
  least: z.int().min(3).max(35).default(10),
  /** Activity within one slot counts once. */
  slot: duration.refine((value) => value >= 60_000, 'must be at least 1m').default(300_000),
  /** A day with a longer silence at home is unknown: other rules cover that. */
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
  readonly dayStart: number
  /** Slots with activity on that day, and the newest slot with activity. */
  readonly activeSlots: number
  readonly lastSlot: number
  /** Time away on that day, ms. */
  readonly timeAway: number
  /** The day had a silence that is too long. */
  readonly excluded?: boolean
  readonly presence?: Presence
  /** Activity per hour at home of the days before, newest last. */
  readonly rates: readonly number[]
  /** Consecutive low days, and the start of the first. */
  readonly lowDays: number
  readonly since?: number
  readonly phase?: Phase
}

export const fewer = defineCondition({
  name: 'fewer',
  about: 'group',
  schema,
  formerStateKeys: {
    day: 'dayStart',
    count: 'activeSlots',
    slot: 'lastSlot',
    out: 'timeAway',
    spoilt: 'excluded',
    low: 'lowDays',
    ...formerPresenceKeys,
  },
  build(spec, context): ConditionBehavior<State> {
    if (spec.least > spec.over) context.addProblem('cannot be more than `over`', 'least')
    return createActivityDecline({
      ...spec,
      activity: context.expression(spec.activity, 'activity'),
      presence: buildPresence(spec.presence, context, 'presence'),
    })
  },
})

function createActivityDecline(options: Options): ConditionBehavior<State> {
  return {
    acceptsLate: true,
    needsRepeatedReadings: true,
    applies: (subject) => subject.members.some((_, member) => isInside(options.presence, subject, member)),
    begin: firstDay,
    step(state, sample) {
      if (!state || sample.offline) return state
      // Only values of this very message count.
      sample.scope.minTime = sample.ts
      const presence = stepPresence(options.presence, state.presence, sample)
      const isActivity = options.activity(sample.scope) === true
      if (!isActivity && presence === state.presence) return state
      return applyEvidence(options, state, { ts: sample.ts, isActivity, presence })
    },
    due(state) {
      if (!state) return undefined
      const at = state.dayStart + dayMs
      return { at, hub: at, grace: options.grace }
    },
    fire: (state, due, subject) => state && closeDay(options, { state, due, subject }),
    phase: (state) => state?.phase,
  }
}

/** Counting starts at the next midnight, with the first complete day. */
function firstDay(at: number, subject: Subject): State {
  const offset = offsetOf(subject, at)
  const dayStart = Math.ceil((at + offset) / dayMs) * dayMs - offset
  return { dayStart, activeSlots: 0, lastSlot: 0, timeAway: 0, rates: [], lowDays: 0 }
}

interface Evidence {
  readonly ts: number
  readonly isActivity: boolean
  readonly presence: Presence | undefined
}

function applyEvidence(options: Options, state: State, { ts, isActivity, presence }: Evidence): State {
  const slot = Math.floor(ts / options.slot)
  const counts = isActivity && ts >= state.dayStart && slot !== state.lastSlot
  if (!counts && presence === state.presence) return state
  const { presence: former, ...rest } = state
  const away = awaySince(options.presence, former, ts)
  const hasReturned = away !== undefined && presence !== former
  return {
    ...rest,
    ...(counts && { activeSlots: state.activeSlots + 1, lastSlot: slot }),
    ...(counts && away === undefined && isTooSilent(options, state, ts) && { excluded: true }),
    timeAway: hasReturned ? state.timeAway + overlapWithDay(state, away, ts) : state.timeAway,
    ...(presence && { presence }),
  }
}

/** Too long since the newest activity; false before the first, when it is unknown. */
const isTooSilent = ({ silent, slot }: Options, { lastSlot }: State, now: number): boolean =>
  lastSlot > 0 && now - (lastSlot + 1) * slot > silent

const overlapWithDay = ({ dayStart }: State, from: number, to: number): number =>
  Math.max(0, Math.min(to, dayStart + dayMs) - Math.max(from, dayStart))

interface DayEnd {
  readonly state: State
  readonly due: Due
  readonly subject: Subject
}

/** Midnight: evaluates the finished day. */
function closeDay(options: Options, { state, due, subject }: DayEnd): State {
  const dayStart = nextDayStart(subject, due.at)
  const next: State = { ...state, dayStart, activeSlots: 0, timeAway: 0, excluded: undefined }
  const rate = activityRate(options, { state, due, subject })
  if (rate === undefined) return next
  const baseline = state.rates.length >= options.least ? median(state.rates) : undefined
  const isLow = baseline !== undefined && rate < options.share * baseline
  if (!isLow) {
    const rates = [...state.rates, rate].slice(-options.over)
    return { ...next, rates, lowDays: 0, since: undefined, phase: undefined }
  }
  const lowDays = state.lowDays + 1
  const since = state.since ?? state.dayStart
  if (state.phase || lowDays < options.days) return { ...next, lowDays, since }
  const detail = { percent: Math.round((100 * rate) / baseline), days: lowDays }
  return { ...next, lowDays, since, phase: { startedAt: since, raisedAt: due.at, detail } }
}

/** Days have 23 or 25 hours when the clocks change. */
function nextDayStart(subject: Subject, at: number): number {
  const offset = offsetOf(subject, at + hourMs)
  return Math.round((at + offset) / dayMs) * dayMs - offset
}

/** Active slots per hour at home; undefined when the day is unknown. */
function activityRate(options: Options, { state, due, subject }: DayEnd): number | undefined {
  const { alive, presence } = options
  if (overlapsAbsence(absencesOf(subject), state.dayStart, due.at)) return undefined
  const isDead = ({ lastSeenAt }: Subject['members'][number]): boolean =>
    alive !== undefined && (lastSeenAt === undefined || lastSeenAt < due.at - alive)
  if (subject.members.some((one, member) => isInside(presence, subject, member) && isDead(one)))
    return undefined
  const away = awaySince(presence, state.presence, due.at)
  if (state.excluded || (away === undefined && isTooSilent(options, state, due.at))) return undefined
  const timeAway = state.timeAway + (away === undefined ? 0 : overlapWithDay(state, away, due.at))
  const timeAtHome = due.at - state.dayStart - timeAway
  if (timeAtHome < options.home) return undefined
  return Math.round((state.activeSlots / (timeAtHome / hourMs)) * 1000) / 1000
}
