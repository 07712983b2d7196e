/**
 * A home that is silent for longer than ever at this hour of the day (Cuddihy et al. 2007): the time since the newest
 * activity of any sensor against the longest normal silence of the last 28 days, times a margin.
 *
 * There is no silence while nobody is at home: neither when the entrance was closed and nothing moved inside, nor during a
 * planned absence. Such hours, days with an open alert and days with a dead sensor that usually gives much of the activity
 * are not learned. Evidence commutes (the newest counts), so it may arrive late.
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
import { dayMs, hourOfDay, localText, offsetOf } from '../local-time.ts'
import {
  type ActivityProfile,
  activityShare,
  addActivity,
  addSilence,
  emptyProfile,
  excludeToday,
  formerProfileKeys,
  normalSilenceAt,
} from './activity-profile.ts'
import {
  absencesOf,
  awaySince,
  buildPresence,
  formerPresenceKeys,
  isEntrance,
  isInside,
  overlapsAbsence,
  type Presence,
  type PresenceOptions,
  presenceSchema,
  stepPresence,
} from './presence.ts'
import { limitAt, type SilenceLimitOptions, silenceEnd } from './rhythm-limit.ts'
import { correctedTime, formerHealthKeys, isAlive, recordSample, type SensorHealth } from './sensor-health.ts'
import { buildLimits } from './shared-options.ts'

/** The sensors that are alive must usually give this share of the activity, or silence is no evidence about people. */
const minAliveShare = 0.5
/** Without a sensor that usually gives this share of the activity a day is not learned. */
const essentialShare = 0.2
/** Learned days after which the usual gaps of sensors count. */
const minDaysForGaps = 7

const hour = z.int().min(0).max(23)

const schema = z.strictObject({
  /** True for a message that reports activity. */
  activity: expressionText,
  presence: presenceSchema,
  margin: z.number().min(1).max(10).default(1.25),
  /** Days to learn. */
  days: z.int().min(1).max(28).default(14),
  /** Limit before that, and at hours that are not known well enough. */
  fallback: duration,
  /** Lower bound of the limit: a person need not move every hour. */
  least: duration,
  /** Lower bound in the hours of sleep (local; `from` after `to` spans midnight). */
  sleep: z.strictObject({ from: hour, to: hour, least: duration }).optional(),
  /** Upper bound of the limit. */
  most: duration,
  /** Other upper bounds; the first that is true counts. Only facts of the home, not readings. */
  limits: z
    .array(z.strictObject({ when: expressionText, most: duration }))
    .max(8)
    .default([]),
  /** A sensor without a message for this time is dead and no evidence. */
  alive: duration.optional(),
  grace: duration.default(300_000),
})

interface Options extends SilenceLimitOptions {
  readonly activity: Evaluate<boolean>
  readonly presence: PresenceOptions
  readonly alive?: number | undefined
  readonly grace: number
}

interface State {
  /** Newest activity of any sensor. */
  readonly lastActivity: number
  readonly presence?: Presence
  readonly profile: ActivityProfile
  readonly health?: SensorHealth
  /** The limit expired while too few sensors were alive; counting restarts when enough are. */
  readonly blind?: boolean
  readonly phase?: Phase
}

export const rhythm = defineCondition({
  name: 'rhythm',
  about: 'group',
  schema,
  formerStateKeys: {
    last: 'lastActivity',
    ...formerPresenceKeys,
    ...formerProfileKeys,
    ...formerHealthKeys,
  },
  build(spec, context): ConditionBehavior<State> {
    if (spec.least <= spec.presence.after) context.addProblem('must be longer than `presence.after`', 'least')
    const limits = spec.limits.map(({ when, most }) => ({ when, for: most }))
    return createRhythm({
      ...spec,
      activity: context.expression(spec.activity, 'activity'),
      presence: buildPresence(spec.presence, context, 'presence'),
      most: { for: spec.most, limits: buildLimits(limits, context) },
    })
  },
})

function createRhythm(options: Options): ConditionBehavior<State> {
  return {
    acceptsLate: true,
    needsRepeatedReadings: true,
    applies: (subject) => subject.members.some((_, member) => isInside(options.presence, subject, member)),
    begin: (at, subject) => ({ lastActivity: at, profile: emptyProfile(at, offsetOf(subject, at)) }),
    step(before, sample) {
      if (!before) return before
      const state = recordHealth(options, before, sample)
      if (sample.offline) return state
      // Only values of this very message are evidence, not older known ones.
      sample.scope.minTime = sample.ts
      const ts = correctedTime(state.health, sample)
      const corrected = ts === sample.ts ? sample : { ...sample, ts }
      const watching = state.blind ? resumeIfAlive(options, state, corrected) : state
      return options.activity(sample.scope) === true ? onActivity(options, watching, corrected) : watching
    },
    due(state, subject, fromReadings) {
      if (!state || state.phase || state.blind || fromReadings) return undefined
      if (state.presence && !state.presence.open) return undefined
      const { at } = silenceEnd(options, state, subject)
      return { at, hub: at, grace: options.grace }
    },
    fire: (state, due, subject) => state && onLimitExpired(options, { state, due, subject }),
    phase: (state) => state?.phase,
    // A status message is enough to show that an offline device is back.
    awaitsAnyMessage: (state) => state?.blind === true || state?.health?.offline !== undefined,
  }
}

function recordHealth({ alive }: Options, state: State, sample: Sample): State {
  const health = recordSample(state.health, sample, alive)
  return health === state.health ? state : { ...state, health }
}

/** Restarts counting once enough sensors are alive, whatever they report. */
function resumeIfAlive(options: Options, state: State, { ts, subject }: Sample): State {
  if (ts < state.lastActivity || !isEnoughAlive(options, state, { subject, at: ts })) return state
  return { ...state, blind: undefined, lastActivity: ts, profile: excludeToday(state.profile) }
}

function onActivity(options: Options, state: State, sample: Sample): State {
  const { ts, subject, scope, member } = sample
  const offset = offsetOf(subject, ts)
  if (ts < state.lastActivity) return state
  const presence = stepPresence(options.presence, state.presence, { scope, ts })
  const learned = learnSilence(options, state, { ts, offset, subject })
  const profile = isInside(options.presence, subject, member) ? addActivity(learned, member) : learned
  return {
    lastActivity: ts,
    profile,
    ...(presence && { presence }),
    ...(state.health && { health: state.health }),
  }
}

interface Activity {
  readonly ts: number
  readonly offset: number
  readonly subject: Subject
}

/** Adds the silence that this activity ends to the profile; days with an alert or a dead essential sensor are excluded. */
function learnSilence(options: Options, state: State, { ts, offset, subject }: Activity): ActivityProfile {
  const { lastActivity, phase, profile } = state
  const isExcluded =
    phase !== undefined ||
    (isLaterDay(profile, ts + offset) && isEssentialDead(options, state, { subject, at: ts }))
  const away = awaySince(options.presence, state.presence, ts) !== undefined
  const silence = {
    from: lastActivity,
    to: ts,
    offset,
    normal: !phase && !away && !overlapsAbsence(absencesOf(subject), lastActivity, ts),
  }
  const ids = subject.members.map(({ device }) => device.id)
  const next = addSilence(isExcluded ? excludeToday(profile) : profile, silence, ids)
  return phase ? excludeToday(next) : next
}

/** The local time is on a later day than the one being written. */
const isLaterDay = (profile: ActivityProfile, local: number): boolean =>
  Math.floor(profile.hour / 24) < Math.floor(local / dayMs)

interface HealthCheck {
  readonly subject: Subject
  readonly at: number
}

/** Which members are alive; all of them without `alive`. */
function aliveMembers({ alive }: Options, state: State, { subject, at }: HealthCheck): boolean[] {
  if (alive === undefined) return subject.members.map(() => true)
  const { health, profile } = state
  const liveness = { health, gapsKnown: profile.learnedDays >= minDaysForGaps, offlineAfter: alive, at }
  return subject.members.map((one) => isAlive(one, liveness))
}

function isEnoughAlive(options: Options, state: State, check: HealthCheck): boolean {
  const { members } = check.subject
  const alive = aliveMembers(options, state, check)
  const inside = members.map((_, member) => isInside(options.presence, check.subject, member))
  const doors = members.map((_, member) => isEntrance(options.presence, check.subject, member))
  // Without an entrance sensor a silence cannot be distinguished from an absence.
  if (doors.includes(true) && !alive.some((one, member) => one && doors[member])) return false
  const ids = members.flatMap(({ device }, member) => (alive[member] && inside[member] ? [device.id] : []))
  if (ids.length === 0) return false
  return (activityShare(state.profile, (id) => ids.includes(id)) ?? 1) >= minAliveShare
}

/** A sensor that usually gives much of the activity is dead. */
function isEssentialDead(options: Options, state: State, check: HealthCheck): boolean {
  const alive = aliveMembers(options, state, check)
  return check.subject.members.some(
    ({ device }, member) =>
      !alive[member] && (activityShare(state.profile, (id) => id === device.id) ?? 0) >= essentialShare,
  )
}

interface Expiry {
  readonly state: State
  readonly due: Due
  readonly subject: Subject
}

/** Raises, or marks the watch as blind when too few sensors are alive. */
function onLimitExpired(options: Options, { state, due, subject }: Expiry): State {
  const { from } = silenceEnd(options, state, subject)
  const offset = offsetOf(subject, due.at)
  if (!isEnoughAlive(options, state, { subject, at: due.at })) return { ...state, blind: true }
  const hour = hourOfDay(due.at + offset)
  const normal = limitAt(options, state.profile, hour) && normalSilenceAt(state.profile, hour)
  const phase: Phase = {
    startedAt: from,
    raisedAt: due.at,
    device: subject.members.find((_, member) => isInside(options.presence, subject, member))?.device.id,
    detail: {
      hours: toTenthOfHour(due.at - from),
      since: localText(subject, from),
      ...(normal ? { normal: toTenthOfHour(normal), hour, nextHour: (hour + 1) % 24 } : {}),
      days: state.profile.learnedDays,
    },
    variant: from > state.lastActivity ? 'returned' : normal ? undefined : 'learning',
  }
  return { ...state, phase }
}

const toTenthOfHour = (ms: number): number => Math.round(ms / 360_000) / 10
