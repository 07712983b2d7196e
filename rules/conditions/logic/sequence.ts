/**
 * One thing after another: `first` and, within `within`, `then`; or `first` and nothing of `unless` within that time.
 *
 * With `then` it begins at the reading at which that is true, after an earlier one at which `first` was, and ends when
 * `then` is false. With `unless` the wait begins when `first` becomes true; more of the same do not prolong it. It begins
 * when the time is over, and ends with `unless`. Where readings stop for longer than `hold`, nobody knows whether
 * `unless` came: nothing begins. `clear` replaces either end.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase, type Sample } from '../condition.ts'

const schema = z
  .strictObject({
    first: expressionText,
    // biome-ignore lint/suspicious/noThenProperty: the word of the rule file; nobody awaits it
    then: expressionText.optional(),
    unless: expressionText.optional(),
    within: duration.refine((value) => value > 0, 'must be longer than nothing'),
    clear: expressionText.optional(),
    /** How long a value is believed; default: the offline limit of the device type. */
    maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
  })
  .refine((spec) => (spec.then === undefined) !== (spec.unless === undefined), 'needs either then or unless')

interface Options {
  readonly first: Evaluate<boolean>
  /** `then`, or `unless`. */
  readonly second: Evaluate<boolean>
  readonly clear: Evaluate<boolean> | undefined
  readonly within: number
  readonly hold: number
}

interface State {
  /** `first` was true at the last reading that could tell. */
  readonly on: boolean
  /** Since when it was (with `unless`: since when is waited), event time; undefined = nothing is under way. */
  readonly from?: number
  /** With `then`: the newest reading at which `first` was true. With `unless`: the newest that knew `unless` false. */
  readonly last?: number
  /** Hub clock at `from`. */
  readonly hub?: number
  readonly phase?: Phase
}

export const sequence = defineCondition({
  name: 'sequence',
  about: 'device',
  schema,
  build(spec, context): ConditionBehavior<State> {
    const compile = (name: 'first' | 'then' | 'unless' | 'clear') => {
      const text = spec[name]
      return text === undefined ? undefined : context.expression(text, name)
    }
    const second = compile('then') ?? compile('unless')
    const first = compile('first')
    const options = {
      within: spec.within,
      hold: spec.maxAge ?? context.offlineAfter,
      clear: compile('clear'),
    }
    return createSequence(
      { ...options, first: first ?? unknown, second: second ?? unknown },
      spec.then === undefined,
    )
  },
})

const unknown: Evaluate<boolean> = () => undefined

function createSequence(options: Options, waits: boolean): ConditionBehavior<State> {
  const { first, hold, within } = options
  const step = waits ? stepUnless : stepThen
  return {
    needsRepeatedReadings: true,
    maxAge: hold,
    step(state, moment) {
      moment.scope.minTime = moment.ts - hold
      return step(options, state, moment)
    },
    due(state, _subject, fromReadings) {
      if (!waits || state?.from === undefined || state.last === undefined || state.phase) return undefined
      const at = state.from + within
      if (at > state.last + hold) return undefined
      const due = { at, hub: (state.hub as number) + within }
      return fromReadings ? due : { ...due, grace: hubGrace }
    },
    fire: (state, { at }) =>
      state && { on: state.on, phase: { startedAt: state.from as number, raisedAt: at } },
    phase: (state) => state?.phase,
    isUnknown: (state, scope) => {
      scope.minTime = scope.now - hold
      return !state && first(scope) === undefined
    },
  }
}

/** What may have been said while the hub was deaf comes first. */
const hubGrace = 300_000

/** `now` is what `first` says; the same state when nothing is new. */
const turned = (state: State | undefined, now: boolean | undefined, kind: Sample['kind']): boolean =>
  kind === 'event' ? (state?.on ?? false) : (now ?? state?.on ?? false)

function stepThen(options: Options, state: State | undefined, moment: Sample): State | undefined {
  const { ts, scope, kind, muted } = moment
  const now = options.first(scope)
  const then = options.second(scope)
  const on = turned(state, now, kind)
  const isFresh = state?.last !== undefined && ts - state.last <= options.within
  // What has led to an episode is used up: another one needs `first` again.
  const begins = !state?.phase && then === true && isFresh && !muted
  const goes = state?.phase && goesOn(options, moment, then === false)
  const phase = begins ? { startedAt: state?.from ?? ts, raisedAt: ts } : goes ? state.phase : undefined
  if (now === true) return { on, from: state?.on && isFresh && !begins ? state.from : ts, last: ts, phase }
  if (isFresh && !begins) return keep(state, { on, from: state?.from, last: state?.last, phase })
  return phase || on ? keep(state, { on, phase }) : undefined
}

/** Whether an open episode does. */
function goesOn({ clear }: Options, { scope }: Sample, ended: boolean): boolean {
  return clear ? clear(scope) !== true : !ended
}

function keep(state: State | undefined, next: State): State {
  const same = state && state.on === next.on && state.from === next.from && state.last === next.last
  return same && state.phase === next.phase ? state : next
}

function stepUnless(options: Options, state: State | undefined, moment: Sample): State | undefined {
  const { ts, receivedAt, scope, kind, muted } = moment
  const now = options.first(scope)
  const answer = options.second(scope)
  const on = turned(state, now, kind)
  if (state?.phase) {
    if (goesOn(options, moment, answer === true)) return keep(state, { ...state, on })
    return on ? { on } : undefined
  }
  const isFirst = now === true && (kind === 'event' || !state?.on)
  if (answer === true || muted) return on ? keep(state, { on }) : undefined
  const last = answer === undefined ? undefined : ts
  const isOver = state?.from === undefined || ts - state.from > options.within
  if (!isOver && ts - (state.last ?? (state.from as number)) <= options.hold)
    return keep(state, { ...state, on, last: last ?? state.last })
  if (isFirst) return { on, from: ts, last, hub: receivedAt }
  return on ? keep(state, { on }) : undefined
}
