/**
 * Something expected that does not happen: no `evidence` for `for`, at a device or at the watched devices of a home.
 *
 * Counts only while a watched sensor is alive (`alive`): a dead sensor says nothing about people. `unless` is second
 * evidence from the other devices that puts the end off: with activity in the last 12 h nobody is missed. Evidence
 * commutes (the newest counts), so it may come as late as it likes.
 */
import { z } from 'zod'
import type { Evaluate } from '../expression/scope.ts'
import { duration, expressionText } from '../schema-parts.ts'
import {
  type Condition,
  type Due,
  defineCondition,
  type Moment,
  type Phase,
  type Subject,
} from './condition.ts'

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
  /** A watched device must have been heard within this before the end; default: always. */
  alive: duration.optional(),
  unless: z.strictObject({ activity: expressionText, within: duration }).optional(),
  grace: duration.default(300_000),
})

interface Options {
  readonly evidence: Evaluate<boolean>
  readonly for: number
  readonly limits: readonly { readonly when: Evaluate<boolean>; readonly for: number }[]
  readonly watch: Evaluate<boolean> | undefined
  readonly alive: number | undefined
  readonly unless: { readonly activity: Evaluate<boolean>; readonly within: number } | undefined
  readonly grace: number
}

interface State {
  /** Newest evidence; undefined = since the hub knows of the subject. */
  readonly last?: number
  /** Newest activity of the other devices. */
  readonly active?: number
  /** The end came while no watched sensor was alive; counting begins again when one speaks. */
  readonly blind?: boolean
  readonly phase?: Phase
}

export const absence = defineCondition({
  name: 'absence',
  about: 'both',
  schema,
  build(spec, context): Condition<State> {
    return createAbsence({
      for: spec.for,
      alive: spec.alive,
      grace: spec.grace,
      evidence: context.expression(spec.evidence, 'evidence'),
      limits: spec.limits.map((limit, index) => ({
        for: limit.for,
        when: context.expression(limit.when, 'limits', index, 'when'),
      })),
      watch: spec.watch === undefined ? undefined : context.expression(spec.watch, 'watch'),
      unless: spec.unless && {
        within: spec.unless.within,
        activity: context.expression(spec.unless.activity, 'unless', 'activity'),
      },
    })
  },
})

function createAbsence(options: Options): Condition<State> {
  const isWatched = (subject: Subject, member: number): boolean =>
    !options.watch || options.watch(subject.scope(member)) === true
  return {
    clock: 'device',
    acceptsLate: true,
    everyReading: true,
    endsByPerson: false,
    applies: (subject) => subject.members.some((_, member) => isWatched(subject, member)),
    step(state, moment) {
      // Only what this very message tells; what was known before is no sign of life.
      moment.scope.oldest = moment.ts
      const watched = !options.watch || options.watch(moment.scope) === true
      return watched ? stepWatched(options, state, moment) : stepOther(options, state, moment)
    },
    due(state, subject, fromReadings) {
      if (state?.phase || state?.blind || fromReadings) return undefined
      const at = endOf(options, state, subject)
      return { at, hub: at, grace: options.grace }
    },
    fire: (state, due, subject) => end(options, { state, due, subject, isWatched }),
    phase: (state) => state?.phase,
    awaitsLife: (state) => state?.blind === true,
  }
}

function stepWatched(options: Options, state: State | undefined, moment: Moment): State | undefined {
  if (moment.offline) return state
  const { ts } = moment
  const isEvidence = options.evidence(moment.scope) === true
  if (!isEvidence && !state?.blind) return state
  if (state?.last !== undefined && ts <= state.last)
    return state?.blind ? { ...state, blind: undefined } : state
  return settle(options, { ...state, last: ts, blind: undefined }, moment)
}

function stepOther(options: Options, state: State | undefined, moment: Moment): State | undefined {
  if (options.unless?.activity(moment.scope) !== true) return state
  if (state?.active !== undefined && moment.ts <= state.active) return state
  return settle(options, { ...state, active: moment.ts }, moment)
}

/** New evidence ends what was raised, when with it the end would have come later. */
function settle(options: Options, state: State, { subject }: Moment): State {
  if (!state.phase) return state
  return endOf(options, state, subject) > state.phase.raisedAt ? { ...state, phase: undefined } : state
}

function endOf(options: Options, state: State | undefined, subject: Subject): number {
  const end = lastEvidence(state, subject) + limitOf(options, subject)
  if (!options.unless || state?.active === undefined) return end
  return Math.max(end, state.active + options.unless.within)
}

function lastEvidence(state: State | undefined, subject: Subject): number {
  return state?.last ?? subject.members.reduce((min, { since }) => Math.min(min, since), Infinity)
}

function limitOf(options: Options, subject: Subject): number {
  if (options.limits.length === 0) return options.for
  const scope = subject.scope(0)
  return options.limits.find((limit) => limit.when(scope) === true)?.for ?? options.for
}

interface End {
  readonly state: State | undefined
  readonly due: Due
  readonly subject: Subject
  isWatched(subject: Subject, member: number): boolean
}

function end(options: Options, { state, due, subject, isWatched }: End): State {
  const { alive } = options
  const watched = subject.members.filter((_, member) => isWatched(subject, member))
  const heard = watched.some(({ heardAt }) => heardAt !== undefined && heardAt >= due.at - (alive ?? 0))
  if (alive !== undefined && !heard) return { ...state, blind: true }
  const startedAt = lastEvidence(state, subject)
  const detail = { hours: Math.round((due.at - startedAt) / 360_000) / 10 }
  return { ...state, phase: { startedAt, raisedAt: due.at, detail, device: watched[0]?.device.id } }
}
