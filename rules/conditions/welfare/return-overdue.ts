/**
 * Somebody left (the home, the bed) and is not back: `back` did not come within `for` after `leaves`, or, with `usual`,
 * within the usual time out plus so many standard deviations when that is longer. Leaving again (the way in is through
 * the same door) begins anew. Signs commute, so they may come late.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import {
  type Condition,
  type Due,
  defineCondition,
  type MemberFacts,
  type Phase,
  type Sample,
  type Subject,
} from '../condition.ts'
import { absencesOf, countFrom, overlapsAbsence } from './calendar.ts'
import { localText } from './local-clock.ts'
import {
  isAlive,
  isPaced,
  leastSilence,
  noteGone,
  noteMessage,
  noVitals,
  type Vitals,
} from './sensor-health.ts'

const schema = z.strictObject({
  leaves: expressionText,
  back: expressionText,
  for: duration.refine((value) => value > 0, 'must be longer than nothing'),
  usual: z
    .strictObject({
      /** Standard deviations above the mean. */
      sd: z.number().min(0).max(10),
      /** Times out that must be known before they count. */
      least: z.int().min(2).max(30).default(5),
      /** A shorter time is none: the door was opened for somebody. */
      longerThan: duration.default(900_000),
    })
    .optional(),
  /** While this holds at another member by its newest message, nobody has left; e.g. the other half of the bed. */
  remains: expressionText.optional(),
  /** A sign from elsewhere. Where people who left usually give one, nobody is missed who gave none: a mat lost them. */
  seen: expressionText.optional(),
  /** Must hold when the time is over, e.g. that it is still night. */
  still: expressionText.optional(),
  /** Members that could show that somebody is back; default all. Only facts of meta, not readings. */
  watch: expressionText.optional(),
  /**
   * One of them must have been heard within this before the end; default: always. A long wait also asks whether they are
   * silent for longer than they usually are, and goes on when one is heard again.
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
  readonly still: Evaluate<boolean> | undefined
  readonly watch: Evaluate<boolean> | undefined
  readonly alive?: number | undefined
  readonly grace: number
}

interface State {
  /** Newest leaving that nobody came back from; undefined = there. */
  readonly since?: number
  readonly device?: string
  /** The time was over, but nothing could or had to be said. */
  readonly settled?: boolean
  /** The time was over while no watched member was alive. */
  readonly blind?: boolean
  /** Hub clock, ms: when one was heard again after that. */
  readonly woken?: number
  /** Of the watched members, for a long wait. */
  readonly vitals?: Vitals
  /** Gave a sign from elsewhere since. */
  readonly seen?: boolean
  /** How often people came back that had been seen elsewhere. */
  readonly witnessed?: number
  /** The newest times out, minutes. */
  readonly usual: readonly number[]
  readonly phase?: Phase
}

const keptTimes = 30
/** After so many the sensors elsewhere are known to see who gets up. */
const witnessesNeeded = 3
const there: State = { usual: [] }

export const notBack = defineCondition({
  name: 'notBack',
  about: 'both',
  schema,
  build(spec, context): Condition<State> {
    const optional = (text: string | undefined, word: string) =>
      text === undefined ? undefined : context.expression(text, word)
    return createNotBack({
      ...spec,
      leaves: context.expression(spec.leaves, 'leaves'),
      back: context.expression(spec.back, 'back'),
      remains: optional(spec.remains, 'remains'),
      seen: optional(spec.seen, 'seen'),
      still: optional(spec.still, 'still'),
      watch: optional(spec.watch, 'watch'),
    })
  },
})

function createNotBack(options: Options): Condition<State> {
  return {
    clock: 'device',
    acceptsLate: true,
    readsOtherMembers: options.remains !== undefined,
    needsRepeatedReadings: true,
    clearedByPerson: false,
    applies: (subject) => subject.members.some((_, member) => isWatched(options, subject, member)),
    step(before, moment) {
      const state = noteLife(options, before, moment)
      if (moment.offline) return state
      // Only what this very message tells.
      moment.scope.minTime = moment.ts
      if (options.leaves(moment.scope) === true) return leave(options, state, moment)
      // Nothing is said after it was heard: a clock that is ahead brings nobody back.
      if (state?.since === undefined || Math.min(moment.ts, moment.receivedAt) < state.since) return state
      if (options.back(moment.scope) === true) return comeBack(options, state, moment)
      // Seen at last: what was not believed is.
      if (state.seen || options.seen?.(moment.scope) !== true) return state
      return { ...state, seen: true, settled: undefined }
    },
    due(state, subject, fromReadings) {
      if (state?.since === undefined || state.phase || state.settled || fromReadings) return undefined
      if (state.blind && state.woken === undefined) return undefined
      const at = endOf(options, state.since, { state, subject })
      // Who came back while nobody could tell gives another sign soon.
      const hub = state.woken === undefined ? at : Math.max(at, state.woken + options.grace)
      return { at, hub, grace: options.grace }
    },
    fire(state, due, subject) {
      if (state?.since === undefined) return undefined
      return pass(options, { state, due, subject })
    },
    phase: (state) => state?.phase,
    awaitsAnyMessage: (state) => state?.blind === true && state.woken === undefined,
  }
}

/** Only a wait that is longer than any usual silence can outlast the sensors. */
const notesLife = ({ alive, for: wait }: Options): boolean => alive !== undefined && wait > leastSilence

function noteLife(options: Options, state: State | undefined, moment: Sample): State | undefined {
  const { alive } = options
  const { member, subject, ts, offline, receivedAt } = moment
  if (alive === undefined || !notesLife(options) || !isWatched(options, subject, member)) return state
  const known = state?.vitals ?? noVitals
  const id = subject.members[member]?.device.id ?? ''
  const vitals = offline ? noteGone(known, id) : noteMessage(known, id, { ts, receivedAt, alive })
  const wakes = !offline && state?.blind && state.woken === undefined
  if (vitals === known && !wakes) return state
  return { ...(state ?? there), vitals, ...(wakes && { woken: receivedAt }) }
}

const isWatched = ({ watch }: Options, subject: Subject, member: number): boolean =>
  !watch || watch(subject.scope(member)) === true

function leave(options: Options, state: State | undefined, moment: Sample): State | undefined {
  const { ts, subject, member } = moment
  if (state?.since !== undefined && ts <= state.since) return state
  if (moment.muted && state?.since === undefined) return state
  if (options.remains && remainsElsewhere(options.remains, moment)) return state
  const device = subject.members[member]?.device.id
  return {
    since: ts,
    ...(device !== undefined && { device }),
    ...(state?.witnessed && { witnessed: state.witnessed }),
    ...(state?.vitals && { vitals: state.vitals }),
    usual: learn(options, state ?? there, moment),
  }
}

const remainsElsewhere = (remains: Evaluate<boolean>, { subject, member }: Sample): boolean =>
  subject.members.some((_, other) => other !== member && remains(subject.scope(other)) === true)

function comeBack(options: Options, state: State, moment: Sample): State | undefined {
  const usual = learn(options, state, moment)
  const witnessed = Math.min(witnessesNeeded, (state.witnessed ?? 0) + (state.seen ? 1 : 0))
  const { vitals } = state
  if (usual.length === 0 && witnessed === 0 && !vitals) return undefined
  return { usual, ...(witnessed > 0 && { witnessed }), ...(vitals && { vitals }) }
}

/** The time out that this message ends; one that was an alert, or that the calendar knows, is no usual one. */
function learn(
  { usual: wanted }: Options,
  { since, usual, phase }: State,
  { ts, subject }: Sample,
): readonly number[] {
  if (!wanted || since === undefined || phase || ts - since <= wanted.longerThan) return usual
  if (overlapsAbsence(absencesOf(subject), since, ts)) return usual
  return [...usual, Math.round((ts - since) / 60_000)].slice(-keptTimes)
}

interface Away {
  readonly state: State
  readonly subject: Subject
}

function endOf(options: Options, since: number, { state, subject }: Away): number {
  const limit = Math.max(options.for, usualLimit(options.usual, state.usual) ?? 0)
  return countFrom(absencesOf(subject), since, (from) => from + limit) + limit
}

/** Mean plus standard deviations, ms; undefined until enough is known. */
function usualLimit(wanted: Usual | undefined, times: readonly number[]): number | undefined {
  if (!wanted || times.length < wanted.least) return undefined
  const mean = meanOf(times)
  const spread = Math.sqrt(meanOf(times.map((time) => (time - mean) ** 2)))
  return (mean + wanted.sd * spread) * 60_000
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

interface Passing {
  readonly state: State
  readonly due: Due
  readonly subject: Subject
}

/** It was heard lately enough to show that somebody is back. */
function couldTell(
  { alive }: Options,
  member: MemberFacts,
  { state: { vitals }, at }: { readonly state: State; readonly at: number },
): boolean {
  if (alive === undefined) return true
  return isAlive(member, { vitals, paced: isPaced(vitals, at), alive, at })
}

function pass(options: Options, { state, due, subject }: Passing): State {
  const { still } = options
  const watched = [...subject.members.keys()].filter((member) => isWatched(options, subject, member))
  const holds = !still || still(subject.scope(watched[0] ?? 0, due.at)) === true
  const believed = !options.seen || state.seen || (state.witnessed ?? 0) < witnessesNeeded
  if (!holds || !believed) return { ...state, settled: true }
  const judging = { state, at: Math.max(due.at, state.woken ?? due.at) }
  if (!watched.some((member) => couldTell(options, subject.members[member] as MemberFacts, judging)))
    return notesLife(options) ? { ...state, blind: true, woken: undefined } : { ...state, settled: true }
  const startedAt = state.since ?? due.at
  const normal = state.usual.length > 0 ? meanOf(state.usual) / 60 : undefined
  const phase: Phase = {
    startedAt,
    raisedAt: due.at,
    ...(state.device !== undefined && { device: state.device }),
    detail: {
      hours: Math.round((due.at - startedAt) / 360_000) / 10,
      minutes: Math.round((due.at - startedAt) / 60_000),
      since: localText(subject, startedAt),
      ...(normal !== undefined && { normal: Math.round(normal * 10) / 10 }),
    },
    ...(usualLimit(options.usual, state.usual) !== undefined && { variant: 'usual' }),
  }
  return { ...state, phase }
}
