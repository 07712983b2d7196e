/**
 * A home that is silent for longer than it ever was at this hour of the day (Cuddihy et al. 2007): the time since the
 * newest change of any sensor against the longest normal one of the last 28 days, times a margin.
 *
 * While nobody is at home there is no silence: neither after the entrance was closed and nothing moved inside, nor
 * during an absence that the calendar knows. Such hours, days with an open alert and days on which a sensor that
 * carries the rhythm was dead are not learned. Signs commute (the newest counts), so they may come late.
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
import {
  type Diary,
  normalAt,
  openDiary,
  shareOf,
  spoil,
  writeSign,
  writeSilence,
} from './activity-profile.ts'
import { absencesOf, overlapsAbsence } from './calendar.ts'
import { hourOfDay, localText, offsetOf } from './local-clock.ts'
import {
  awaySince,
  buildPresence,
  isEntrance,
  isInside,
  type Presence,
  type PresenceOptions,
  presenceSchema,
  stepPresence,
} from './presence.ts'
import { endOf, type LimitOptions, limitAt } from './rhythm-limit.ts'
import { isAlive, meantAt, noteGone, noteMessage, noVitals, type Vitals } from './sensor-health.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** The living sensors must have given this part of the signs, or silence says nothing about people. */
const livingShare = 0.5
/** Without a sensor that gave this part of the signs a day is no usual day. */
const carryingShare = 0.2
/** How often a sensor speaks is known after so many learned days. */
const pacedDays = 7

const hour = z.int().min(0).max(23)

const schema = z.strictObject({
  /** This message tells a change at a sensor. */
  activity: expressionText,
  presence: presenceSchema,
  margin: z.number().min(1).max(10).default(1.25),
  /** Days that must be learned. */
  days: z.int().min(1).max(28).default(14),
  /** The limit before that, and at hours of which too little is known. */
  fallback: duration,
  /** The limit is never shorter: nobody is bound to move every hour. */
  least: duration,
  /** In the hours of sleep (local, `from` after `to` spans midnight) it is never shorter than this. */
  sleep: z.strictObject({ from: hour, to: hour, least: duration }).optional(),
  /** Nor longer; the first that is true counts. Only facts of the home, not readings. */
  most: duration,
  limits: z
    .array(z.strictObject({ when: expressionText, most: duration }))
    .max(8)
    .default([]),
  /** A sensor not heard for so long is dead and can show nothing. */
  alive: duration.optional(),
  grace: duration.default(300_000),
})

interface Options extends LimitOptions {
  readonly activity: Evaluate<boolean>
  readonly presence: PresenceOptions
  readonly alive?: number | undefined
  readonly grace: number
}

interface State {
  /** Newest change of any sensor. */
  readonly last: number
  readonly presence?: Presence
  readonly diary: Diary
  readonly vitals?: Vitals
  /** The limit was passed while too few sensors were alive; counting begins again when they are. */
  readonly blind?: boolean
  readonly phase?: Phase
}

export const rhythm = defineCondition({
  name: 'rhythm',
  about: 'group',
  schema,
  build(spec, context): Condition<State> {
    if (spec.least <= spec.presence.after) context.addProblem('must be longer than `presence.after`', 'least')
    return createRhythm({
      ...spec,
      activity: context.expression(spec.activity, 'activity'),
      presence: buildPresence(spec.presence, context, 'presence'),
      limits: spec.limits.map(({ when, most }, index) => ({
        most,
        when: context.expression(when, 'limits', index, 'when'),
      })),
    })
  },
})

function createRhythm(options: Options): Condition<State> {
  return {
    clock: 'device',
    acceptsLate: true,
    needsRepeatedReadings: true,
    clearedByPerson: false,
    applies: (subject) => subject.members.some((_, member) => isInside(options.presence, subject, member)),
    begin: (at, subject) => ({ last: at, diary: openDiary(at, offsetOf(subject, at)) }),
    step(state, moment) {
      if (!state) return state
      if (moment.offline) return loseSensor(state, moment)
      // Only what this very message tells; what was known before is no sign of life.
      moment.scope.minTime = moment.ts
      const heard = hearSensor(options, state, moment)
      const ts = meantAt(heard.vitals, idOf(moment), moment)
      const meant = ts === moment.ts ? moment : { ...moment, ts }
      const awake = heard.blind ? wake(options, heard, meant) : heard
      return options.activity(moment.scope) === true ? takeSign(options, awake, meant) : awake
    },
    due(state, subject, fromReadings) {
      if (!state || state.phase || state.blind || fromReadings) return undefined
      if (state.presence && !state.presence.open) return undefined
      const at = endOf(options, state, subject).at
      return { at, hub: at, grace: options.grace }
    },
    fire: (state, due, subject) => state && pass(options, { state, due, subject }),
    phase: (state) => state?.phase,
    // A status is enough to say that a line which was cut is there again.
    awaitsAnyMessage: (state) => state?.blind === true || state?.vitals?.gone !== undefined,
  }
}

const idOf = ({ subject, member }: Sample): string => subject.members[member]?.device.id ?? ''

function loseSensor(state: State, moment: Sample): State {
  const vitals = noteGone(state.vitals ?? noVitals, idOf(moment))
  return vitals === state.vitals ? state : { ...state, vitals }
}

function hearSensor({ alive }: Options, state: State, moment: Sample): State {
  if (alive === undefined) return state
  const vitals = noteMessage(state.vitals ?? noVitals, idOf(moment), {
    ts: moment.ts,
    receivedAt: moment.receivedAt,
    alive,
  })
  return vitals === state.vitals ? state : { ...state, vitals }
}

/** Counting begins again once enough sensors are alive, whatever they say. */
function wake(options: Options, state: State, { ts, subject }: Sample): State {
  if (ts < state.last || !enoughAlive(options, state, { subject, at: ts })) return state
  return { ...state, blind: undefined, last: ts, diary: spoil(state.diary) }
}

function takeSign(options: Options, state: State, moment: Sample): State {
  const { ts, subject, scope, member } = moment
  const offset = offsetOf(subject, ts)
  if (ts < state.last) return state
  const presence = stepPresence(options.presence, state.presence, { scope, ts })
  const diary = write(options, state, { ts, offset, subject })
  const signed = isInside(options.presence, subject, member) ? writeSign(diary, member) : diary
  return {
    last: ts,
    diary: signed,
    ...(presence && { presence }),
    ...(state.vitals && { vitals: state.vitals }),
  }
}

interface Writing {
  readonly ts: number
  readonly offset: number
  readonly subject: Subject
}

/** The silence that this sign ends goes into the diary, unless it was no normal one. */
function write(options: Options, state: State, { ts, offset, subject }: Writing): Diary {
  const { last, phase, diary } = state
  const unusual =
    phase !== undefined ||
    (dayIsOver(diary, ts + offset) && carrierIsDead(options, state, { subject, at: ts }))
  const away = awaySince(options.presence, state.presence, ts) !== undefined
  const silence = {
    from: last,
    to: ts,
    offset,
    normal: !phase && !away && !overlapsAbsence(absencesOf(subject), last, ts),
  }
  const ids = subject.members.map(({ device }) => device.id)
  const written = writeSilence(unusual ? spoil(diary) : diary, silence, ids)
  return phase ? spoil(written) : written
}

/** The sign is of a later day than the one being written. */
const dayIsOver = (diary: Diary, local: number): boolean =>
  Math.floor(diary.hour / 24) < Math.floor(local / dayMs)

interface Health {
  readonly subject: Subject
  readonly at: number
}

/** Which members are alive; all of them where the rule does not ask. */
function livingOf({ alive }: Options, state: State, { subject, at }: Health): boolean[] {
  if (alive === undefined) return subject.members.map(() => true)
  const judging = { vitals: state.vitals, paced: state.diary.learned >= pacedDays, alive, at }
  return subject.members.map((one) => isAlive(one, judging))
}

function enoughAlive(options: Options, state: State, health: Health): boolean {
  const { members } = health.subject
  const living = livingOf(options, state, health)
  const inside = members.map((_, member) => isInside(options.presence, health.subject, member))
  const doors = members.map((_, member) => isEntrance(options.presence, health.subject, member))
  // With a dead entrance sensor nobody could tell a silence from an absence.
  if (doors.includes(true) && !living.some((one, member) => one && doors[member])) return false
  const ids = members.flatMap(({ device }, member) => (living[member] && inside[member] ? [device.id] : []))
  if (ids.length === 0) return false
  return (shareOf(state.diary, (id) => ids.includes(id)) ?? 1) >= livingShare
}

function carrierIsDead(options: Options, state: State, health: Health): boolean {
  const living = livingOf(options, state, health)
  return health.subject.members.some(
    ({ device }, member) =>
      !living[member] && (shareOf(state.diary, (id) => id === device.id) ?? 0) >= carryingShare,
  )
}

interface Passing {
  readonly state: State
  readonly due: Due
  readonly subject: Subject
}

/** The limit is passed: an alert, or nothing to say while the sensors could not have told. */
function pass(options: Options, { state, due, subject }: Passing): State {
  const { from } = endOf(options, state, subject)
  const offset = offsetOf(subject, due.at)
  if (!enoughAlive(options, state, { subject, at: due.at })) return { ...state, blind: true }
  const hour = hourOfDay(due.at + offset)
  const normal = limitAt(options, state.diary, hour) && normalAt(state.diary, hour)
  const phase: Phase = {
    startedAt: from,
    raisedAt: due.at,
    device: subject.members.find((_, member) => isInside(options.presence, subject, member))?.device.id,
    detail: {
      hours: tenth(due.at - from),
      since: localText(subject, from),
      ...(normal ? { normal: tenth(normal), hour, nextHour: (hour + 1) % 24 } : {}),
      days: state.diary.learned,
    },
    variant: from > state.last ? 'returned' : normal ? undefined : 'learning',
  }
  return { ...state, phase }
}

const tenth = (ms: number): number => Math.round(ms / 360_000) / 10
