/**
 * What should be over by now: `while` has been true for `for`, or up to the time that was promised.
 *
 * The promise is a field with the time in seconds since 1970. The newest one counts, when it lies after the beginning;
 * an older one was about something else. One that is told when it has passed already is overdue at once. Silence
 * changes nothing: what a device told last is so until it tells otherwise, at most for `hold`.
 */
import { z } from 'zod'
import { type Evaluate, valueTime } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase, type Sample } from '../condition.ts'

const schema = z.strictObject({
  while: expressionText,
  promise: z.string().min(1),
  for: duration.refine((value) => value > 0, 'must be longer than nothing'),
  /** How long a value is believed; default: the offline limit of the device type. */
  maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
})

interface State {
  /** First reading at which it was so, by the device's and by the hub's clock. */
  readonly since: number
  readonly hub: number
  /** ms; the newest promise that lies after `since`. */
  readonly promised?: number
  readonly phase?: Phase
}

interface Options {
  readonly while: Evaluate<boolean>
  readonly promise: ReadonlyMap<string, number>
  readonly for: number
  readonly hold: number
}

export const overdue = defineCondition({
  name: 'overdue',
  about: 'device',
  schema,
  build(options, context): ConditionBehavior<State> {
    return createOverdue({
      while: context.expression(options.while, 'while'),
      promise: context.numberField(options.promise, 'promise'),
      for: options.for,
      hold: options.maxAge ?? context.offlineAfter,
    })
  },
})

function createOverdue(options: Options): ConditionBehavior<State> {
  return {
    maxAge: options.hold,
    step(state, moment) {
      moment.scope.minTime = moment.ts - options.hold
      const goesOn = options.while(moment.scope)
      if (goesOn === false) return undefined
      if (goesOn === undefined || state?.phase) return state
      if (moment.muted) return undefined
      return follow(options, state ?? { since: moment.ts, hub: moment.receivedAt }, moment)
    },
    due(state) {
      if (!state || state.phase) return undefined
      const at = endOf(options, state)
      return { at, hub: state.hub + (at - state.since) }
    },
    fire: (state, { at }) => state && raise(options, state, at),
    phase: (state) => state?.phase,
  }
}

/** Takes the promise as it is known now. */
function follow(options: Options, state: State, { scope, ts }: Sample): State {
  const slot = options.promise.get(scope.type) ?? -1
  const told = valueTime(scope, slot) >= scope.minTime ? scope.slots[slot] : undefined
  const promised = typeof told === 'number' && told * 1000 > state.since ? told * 1000 : undefined
  const next = promised === state.promised ? state : { ...state, promised }
  return ts < endOf(options, next) ? next : raise(options, next, ts)
}

const endOf = (options: Options, { since, promised }: State): number =>
  Math.min(since + options.for, promised ?? Number.POSITIVE_INFINITY)

function raise(options: Options, state: State, raisedAt: number): State {
  const isBroken = state.promised !== undefined && state.promised < state.since + options.for
  const variant = isBroken ? 'promise' : undefined
  return { ...state, phase: { startedAt: state.since, raisedAt, variant } }
}
