/**
 * Two facts in order: `first` and, within `within`, `then`; or `first` without `unless` within that time.
 *
 * With `then` it begins at the reading with `then` true, after an earlier one with `first` true, and ends when `then` is
 * false. With `unless` the window opens when `first` becomes true; repetitions do not extend it. It begins when the window
 * expires, and ends with `unless`. After a gap longer than `maxAge` it is unknown whether `unless` happened: nothing
 * begins. `clear` replaces either end.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase, type Sample } from '../condition.ts'

const schema = z
  .strictObject({
    first: expressionText,
    // biome-ignore lint/suspicious/noThenProperty: a key of the rule file, never awaited
    then: expressionText.optional(),
    unless: expressionText.optional(),
    within: duration.refine((value) => value > 0, 'must be greater than 0'),
    clear: expressionText.optional(),
    /** How long a value counts as known; default: the offline limit of the device type. */
    maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
  })
  .refine((spec) => (spec.then === undefined) !== (spec.unless === undefined), 'needs either then or unless')

interface Options {
  readonly first: Evaluate<boolean>
  /** `then`, or `unless`. */
  readonly second: Evaluate<boolean>
  readonly clear: Evaluate<boolean> | undefined
  readonly within: number
  readonly maxAge: number
}

interface State {
  /** `first` was true at the last reading where it was known. */
  readonly isActive: boolean
  /** Since when `first` was true (with `unless`: when the window opened), event time; undefined = no window. */
  readonly since?: number
  /** With `then`: the newest reading with `first` true. With `unless`: the newest with `unless` known to be false. */
  readonly lastAt?: number
  /** Hub clock at `since`. */
  readonly receivedAt?: number
  readonly phase?: Phase
}

export const sequence = defineCondition({
  name: 'sequence',
  about: 'device',
  schema,
  formerStateKeys: { on: 'isActive', from: 'since', last: 'lastAt', hub: 'receivedAt' },
  build(spec, context): ConditionBehavior<State> {
    const compile = (name: 'first' | 'then' | 'unless' | 'clear') => {
      const text = spec[name]
      return text === undefined ? undefined : context.expression(text, name)
    }
    const second = compile('then') ?? compile('unless')
    const first = compile('first')
    const options = {
      within: spec.within,
      maxAge: spec.maxAge ?? context.offlineAfter,
      clear: compile('clear'),
    }
    return createSequence(
      { ...options, first: first ?? unknown, second: second ?? unknown },
      spec.then === undefined,
    )
  },
})

const unknown: Evaluate<boolean> = () => undefined

function createSequence(options: Options, isWaiting: boolean): ConditionBehavior<State> {
  const { first, maxAge, within } = options
  const step = isWaiting ? stepUnless : stepThen
  return {
    needsRepeatedReadings: true,
    maxAge,
    step(state, sample) {
      sample.scope.minTime = sample.ts - maxAge
      return step(options, state, sample)
    },
    due(state, _subject, fromReadings) {
      if (!isWaiting || state?.since === undefined || state.lastAt === undefined || state.phase)
        return undefined
      const at = state.since + within
      if (at > state.lastAt + maxAge) return undefined
      const due = { at, hub: (state.receivedAt as number) + within }
      return fromReadings ? due : { ...due, grace: hubGrace }
    },
    fire: (state, { at }) =>
      state && { isActive: state.isActive, phase: { startedAt: state.since as number, raisedAt: at } },
    phase: (state) => state?.phase,
    isUnknown: (state, scope) => {
      scope.minTime = scope.now - maxAge
      return !state && first(scope) === undefined
    },
  }
}

/** Wait after a hub outage for readings that devices buffered. */
const hubGrace = 300_000

/** `now`: value of `first`. Events do not change a state. */
const activeAfter = (state: State | undefined, now: boolean | undefined, kind: Sample['kind']): boolean =>
  kind === 'event' ? (state?.isActive ?? false) : (now ?? state?.isActive ?? false)

function stepThen(options: Options, state: State | undefined, sample: Sample): State | undefined {
  const { ts, scope, kind, muted } = sample
  const now = options.first(scope)
  const then = options.second(scope)
  const isActive = activeAfter(state, now, kind)
  const isFresh = state?.lastAt !== undefined && ts - state.lastAt <= options.within
  // `first` is used up by an episode: the next one needs it again.
  const begins = !state?.phase && then === true && isFresh && !muted
  const isContinuing = state?.phase && continues(options, sample, then === false)
  const phase = begins
    ? { startedAt: state?.since ?? ts, raisedAt: ts }
    : isContinuing
      ? state.phase
      : undefined
  if (now === true)
    return { isActive, since: state?.isActive && isFresh && !begins ? state.since : ts, lastAt: ts, phase }
  if (isFresh && !begins) return reuse(state, { isActive, since: state?.since, lastAt: state?.lastAt, phase })
  return phase || isActive ? reuse(state, { isActive, phase }) : undefined
}

/** Whether an open episode continues. */
function continues({ clear }: Options, { scope }: Sample, ended: boolean): boolean {
  return clear ? clear(scope) !== true : !ended
}

/** The same state object when nothing has changed. */
function reuse(state: State | undefined, next: State): State {
  const isSame =
    state && state.isActive === next.isActive && state.since === next.since && state.lastAt === next.lastAt
  return isSame && state.phase === next.phase ? state : next
}

function stepUnless(options: Options, state: State | undefined, sample: Sample): State | undefined {
  const { ts, receivedAt, scope, kind, muted } = sample
  const now = options.first(scope)
  const unless = options.second(scope)
  const isActive = activeAfter(state, now, kind)
  if (state?.phase) {
    if (continues(options, sample, unless === true)) return reuse(state, { ...state, isActive })
    return isActive ? { isActive } : undefined
  }
  const isFirst = now === true && (kind === 'event' || !state?.isActive)
  if (unless === true || muted) return isActive ? reuse(state, { isActive }) : undefined
  const lastAt = unless === undefined ? undefined : ts
  const isOver = state?.since === undefined || ts - state.since > options.within
  if (!isOver && ts - (state.lastAt ?? (state.since as number)) <= options.maxAge)
    return reuse(state, { ...state, isActive, lastAt: lastAt ?? state.lastAt })
  if (isFirst) return { isActive, since: ts, lastAt, receivedAt }
  return isActive ? reuse(state, { isActive }) : undefined
}
