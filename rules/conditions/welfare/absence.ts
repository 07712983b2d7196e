/**
 * Something expected that does not happen: no `evidence` for `for`, at a device or at the watched devices of a home.
 *
 * Counts only while a watched sensor is alive (`alive`): a dead sensor says nothing about people. `unless` is second
 * evidence from the other devices that puts the end off: with activity in the last 12 h nobody is missed. Evidence
 * commutes (the newest counts), so it may come as late as it likes. Where all those others are silent for longer than they
 * usually are, and the watched ones with them, the whole home is not heard (its gateway is down): nothing is said until
 * somebody there is heard again and what was kept meanwhile has come.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import {
  type Condition,
  defineCondition,
  type MemberFacts,
  type Phase,
  type Sample,
  type Subject,
} from '../condition.ts'
import { absencesOf, countFrom } from './calendar.ts'
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
  evidence: expressionText,
  for: duration,
  /** Other limits for some subjects; the first that is true counts. Only facts of the home and meta, not readings. */
  limits: z
    .array(z.strictObject({ when: expressionText, for: duration }))
    .max(8)
    .default([]),
  /** Which members give evidence; default all. Only facts of meta, not readings. */
  watch: expressionText.optional(),
  /**
   * Which of the other members fall silent with the watched ones, as all that one gateway carries does; default all. Only
   * facts of meta. What has a line of its own says nothing of theirs.
   */
  companions: expressionText.optional(),
  /** A watched device must have been heard within this before the end; default: always. */
  alive: duration.optional(),
  unless: z.strictObject({ activity: expressionText, within: duration }).optional(),
  /** Second evidence the other way round: it is told only of those who did give such a sign within so long. */
  provided: z.strictObject({ activity: expressionText, within: duration }).optional(),
  /** Known absences of the home do not count, and counting begins anew after them. */
  calendar: z.boolean().default(false),
  grace: duration.default(300_000),
})

interface SecondEvidence {
  readonly activity: Evaluate<boolean>
  readonly within: number
}

interface Options {
  readonly evidence: Evaluate<boolean>
  readonly for: number
  readonly limits: readonly { readonly when: Evaluate<boolean>; readonly for: number }[]
  readonly watch: Evaluate<boolean> | undefined
  readonly companions: Evaluate<boolean> | undefined
  readonly alive: number | undefined
  readonly unless: SecondEvidence | undefined
  readonly provided: SecondEvidence | undefined
  readonly calendar: boolean
  readonly grace: number
}

interface State {
  /** Hub clock, ms: since when it is watched for. */
  readonly from: number
  /** Newest evidence; undefined = none since. */
  readonly last?: number
  /** Newest activity of the other devices. */
  readonly active?: number
  /** The end came while no watched sensor was alive; counting begins again when one speaks. */
  readonly blind?: boolean
  /** The end came while nothing of the home was heard; until then nothing is said. */
  readonly unheard?: boolean
  /** Hub clock, ms: when something was heard again after that. */
  readonly woken?: number
  /** Of the devices that give the second evidence. */
  readonly vitals?: Vitals
  readonly phase?: Phase
}

export const absence = defineCondition({
  name: 'absence',
  about: 'both',
  schema,
  build(spec, context): Condition<State> {
    if (spec.unless && spec.provided) context.addProblem('cannot stand beside `unless`', 'provided')
    const second = (word: 'unless' | 'provided') =>
      spec[word] && {
        within: spec[word].within,
        activity: context.expression(spec[word].activity, word, 'activity'),
      }
    return createAbsence({
      calendar: spec.calendar,
      for: spec.for,
      alive: spec.alive,
      grace: spec.grace,
      evidence: context.expression(spec.evidence, 'evidence'),
      limits: spec.limits.map((limit, index) => ({
        for: limit.for,
        when: context.expression(limit.when, 'limits', index, 'when'),
      })),
      companions:
        spec.companions === undefined ? undefined : context.expression(spec.companions, 'companions'),
      watch: spec.watch === undefined ? undefined : context.expression(spec.watch, 'watch'),
      unless: second('unless'),
      provided: second('provided'),
    })
  },
})

function createAbsence(options: Options): Condition<State> {
  return {
    clock: 'device',
    acceptsLate: true,
    needsRepeatedReadings: true,
    clearedByPerson: false,
    applies: (subject) => subject.members.some((_, member) => isWatched(options, subject, member)),
    begin: (at) => ({ from: at }),
    step(before, moment) {
      if (!before) return before
      const state = noteLife(options, before, moment)
      // Only what this very message tells; what was known before is no sign of life.
      moment.scope.minTime = moment.ts
      const watched = !options.watch || options.watch(moment.scope) === true
      return watched ? stepWatched(options, state, moment) : stepOther(options, state, moment)
    },
    due(state, subject, fromReadings) {
      if (!state || state.phase || state.blind || state.unheard || fromReadings) return undefined
      const at = endOf(options, state, subject)
      if (options.provided && !isActive(options.provided, state, at)) return undefined
      const hub = state.woken === undefined ? at : Math.max(at, state.woken + options.grace)
      return { at, hub, grace: options.grace }
    },
    fire(state, { at }, subject) {
      if (!state) return undefined
      const now = Math.max(at, state.woken ?? at)
      if (isUnheard(options, state, { subject, at: now }))
        return { ...state, unheard: true, woken: undefined }
      return end(options, { state, at, subject })
    },
    phase: (state) => state?.phase,
    awaitsAnyMessage: (state) => state?.blind === true || state?.unheard === true,
  }
}

/** What the sensors beside the watched ones say of whether the home is heard at all. */
function noteLife(options: Options, state: State, moment: Sample): State {
  const { alive, unless } = options
  if (alive === undefined || !unless) return state
  const { member, subject, ts, offline, receivedAt } = moment
  const known = state.vitals ?? noVitals
  const id = subject.members[member]?.device.id ?? ''
  const isOther = isCompanion(options, subject, member)
  const noted = offline ? noteGone(known, id) : noteMessage(known, id, { ts, receivedAt, alive })
  const vitals = isOther ? noted : known
  const wakes = !offline && state.unheard === true
  if (vitals === known && !wakes) return state
  return { ...state, vitals, ...(wakes && { unheard: undefined, woken: receivedAt }) }
}

/** Those others have all fallen silent, and the watched ones said nothing since. */
function isUnheard(
  options: Options,
  { vitals }: State,
  { subject, at }: { subject: Subject; at: number },
): boolean {
  const { alive } = options
  if (alive === undefined || !options.unless || !isPaced(vitals, at)) return false
  const judging = { vitals, paced: true, alive, at }
  const isHeard = (one: MemberFacts, member: number): boolean => {
    if (isWatched(options, subject, member))
      return at - (one.lastSeenAt ?? Number.NEGATIVE_INFINITY) <= leastSilence
    return isCompanion(options, subject, member) && isAlive(one, judging)
  }
  const hasOthers = subject.members.some((_, member) => isCompanion(options, subject, member))
  return hasOthers && !subject.members.some(isHeard)
}

function stepWatched(options: Options, state: State, moment: Sample): State {
  if (moment.offline) return state
  const { ts } = moment
  const isEvidence = options.evidence(moment.scope) === true
  if (!isEvidence && !state.blind) return state
  if (state.last !== undefined && ts <= state.last)
    return state.blind ? { ...state, blind: undefined } : state
  return settle(options, { ...state, last: ts, blind: undefined }, moment)
}

function stepOther(options: Options, state: State, moment: Sample): State {
  const { ts, subject } = moment
  if ((options.unless ?? options.provided)?.activity(moment.scope) !== true) return state
  if (state.active !== undefined && ts <= state.active) return state
  const next: State = { ...state, active: ts }
  if (options.provided && !state.phase && !state.blind && ts >= endOf(options, state, subject))
    return end(options, { state: next, at: ts, subject })
  return settle(options, next, moment)
}

/** The other devices gave a sign within the time that ends at `at`. */
const isActive = ({ within }: SecondEvidence, state: State, at: number): boolean =>
  state.active !== undefined && state.active >= at - within

/** New evidence ends what was raised, when with it the end would have come later. */
function settle(options: Options, state: State, { subject }: Sample): State {
  if (!state.phase) return state
  return endOf(options, state, subject) > state.phase.raisedAt ? { ...state, phase: undefined } : state
}

function endOf(options: Options, state: State, subject: Subject): number {
  const end = countedFrom(options, state, subject) + limitOf(options, subject)
  if (!options.unless || state.active === undefined) return end
  return Math.max(end, state.active + options.unless.within)
}

/** The newest evidence, or the end of a known absence after it. */
function countedFrom(options: Options, state: State, subject: Subject): number {
  const last = state.last ?? state.from
  if (!options.calendar) return last
  const limit = limitOf(options, subject)
  return countFrom(absencesOf(subject), last, (from) => from + limit)
}

function limitOf(options: Options, subject: Subject): number {
  if (options.limits.length === 0) return options.for
  const scope = subject.scope(0)
  return options.limits.find((limit) => limit.when(scope) === true)?.for ?? options.for
}

function isCompanion(options: Options, subject: Subject, member: number): boolean {
  if (isWatched(options, subject, member)) return false
  return !options.companions || options.companions(subject.scope(member)) === true
}

interface End {
  readonly state: State
  readonly at: number
  readonly subject: Subject
}

const isWatched = ({ watch }: Options, subject: Subject, member: number): boolean =>
  !watch || watch(subject.scope(member)) === true

function end(options: Options, { state, at, subject }: End): State {
  const { alive } = options
  const watched = subject.members.filter((_, member) => isWatched(options, subject, member))
  const heard = watched.some(
    ({ lastSeenAt: heardAt }) => heardAt !== undefined && heardAt >= at - (alive ?? 0),
  )
  if (alive !== undefined && !heard) return { ...state, blind: true }
  const startedAt = countedFrom(options, state, subject)
  const detail = { hours: Math.round((at - startedAt) / 360_000) / 10 }
  return { ...state, phase: { startedAt, raisedAt: at, detail, device: watched[0]?.device.id } }
}
