/**
 * A state that should be over by now: `while` has been true for `for`, or beyond the time that was promised.
 *
 * The promise is a field with a time in seconds since 1970. The newest one that lies after the beginning counts; an older
 * one was about something else. A promise that is already past when reported is overdue at once. The last reported value
 * counts through silence, at most for `maxAge`.
 */
import { z } from 'zod'
import { type Evaluate, valueTime } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase, type Sample } from '../condition.ts'

const schema = z.strictObject({
  while: expressionText,
  promise: z.string().min(1),
  for: duration.refine((value) => value > 0, 'must be greater than 0'),
  /** How long a value counts as known; default: the offline limit of the device type. */
  maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
})

interface State {
  /** First reading with `while` true: event time and hub clock. */
  readonly since: number
  readonly receivedAt: number
  /** The newest promise after `since`, ms. */
  readonly promised?: number
  readonly phase?: Phase
}

interface Options {
  readonly while: Evaluate<boolean>
  readonly promise: ReadonlyMap<string, number>
  readonly for: number
  readonly maxAge: number
}

export const overdue = defineCondition({
  name: 'overdue',
  about: 'device',
  schema,
  formerStateKeys: { hub: 'receivedAt' },
  build(options, context): ConditionBehavior<State> {
    return createOverdue({
      while: context.expression(options.while, 'while'),
      promise: context.numberField(options.promise, 'promise'),
      for: options.for,
      maxAge: options.maxAge ?? context.offlineAfter,
    })
  },
})

function createOverdue(options: Options): ConditionBehavior<State> {
  return {
    maxAge: options.maxAge,
    step(state, sample) {
      sample.scope.minTime = sample.ts - options.maxAge
      const isOngoing = options.while(sample.scope)
      if (isOngoing === false) return undefined
      if (isOngoing === undefined || state?.phase) return state
      if (sample.muted) return undefined
      return updatePromise(options, state ?? { since: sample.ts, receivedAt: sample.receivedAt }, sample)
    },
    due(state) {
      if (!state || state.phase) return undefined
      const at = deadlineOf(options, state)
      return { at, hub: state.receivedAt + (at - state.since) }
    },
    fire: (state, { at }) => state && raise(options, state, at),
    phase: (state) => state?.phase,
  }
}

/** Applies the promise as known now. */
function updatePromise(options: Options, state: State, { scope, ts }: Sample): State {
  const slot = options.promise.get(scope.type) ?? -1
  const value = valueTime(scope, slot) >= scope.minTime ? scope.slots[slot] : undefined
  const promised = typeof value === 'number' && value * 1000 > state.since ? value * 1000 : undefined
  const next = promised === state.promised ? state : { ...state, promised }
  return ts < deadlineOf(options, next) ? next : raise(options, next, ts)
}

const deadlineOf = (options: Options, { since, promised }: State): number =>
  Math.min(since + options.for, promised ?? Number.POSITIVE_INFINITY)

function raise(options: Options, state: State, raisedAt: number): State {
  const isBroken = state.promised !== undefined && state.promised < state.since + options.for
  const variant = isBroken ? 'promise' : undefined
  return { ...state, phase: { startedAt: state.since, raisedAt, variant } }
}
