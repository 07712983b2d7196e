/** A fact that repeats: `when` becomes true (or an event comes) at least `times` times within `within`. */
import { z } from 'zod'
import type { Evaluate, Scope } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase, type Sample } from '../condition.ts'

const schema = z.strictObject({
  when: expressionText,
  times: z.int().min(1).max(1000),
  within: duration.refine((value) => value > 0, 'must be longer than nothing'),
  /** How long a value is believed; default: the offline limit of the device type. */
  maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
})

interface State {
  /** `when` was true at the last reading that could tell. */
  readonly on: boolean
  /** When it became true, the newest `times` of them. */
  readonly at: readonly number[]
  /** Hub clock minus device clock at the newest of them, ms. */
  readonly offset: number
  readonly phase?: Phase
}

export const count = defineCondition({
  name: 'count',
  about: 'device',
  schema,
  build(options, context): ConditionBehavior<State> {
    const when = context.expression(options.when, 'when')
    const hold = options.maxAge ?? context.offlineAfter
    const oldestOf = (state: State): number | undefined => state.at[state.at.length - options.times]
    return {
      needsRepeatedReadings: true,
      step(state, moment) {
        moment.scope.minTime = moment.ts - hold
        const now = when(moment.scope)
        if (now === undefined) return state
        // What was so before the event is not made so by it: a test call during an outage is not another outage.
        if (moment.kind === 'event' && now && isSoWithout(moment.scope, when)) return state
        const happened = now && (moment.kind === 'event' || !state?.on)
        if (happened && !moment.muted) return add(state, moment, options)
        const on = now && moment.kind !== 'event'
        if (!state || state.on === on) return state
        return state.at.length === 0 ? undefined : { ...state, on }
      },
      due(state) {
        if (!state || state.at.length === 0) return undefined
        const first = state.phase ? oldestOf(state) : state.at.at(-1)
        const at = (first ?? 0) + options.within
        return { at, hub: at + state.offset }
      },
      fire(state, { at }) {
        if (!state) return undefined
        const left = state.at.filter((time) => time > at - options.within)
        if (left.length === 0 && !state.on) return undefined
        return { ...state, at: left, phase: undefined }
      },
      phase: (state) => state?.phase,
      isUnknown(_state, scope) {
        scope.minTime = scope.now - hold
        return when(scope) === undefined
      },
    }
  },
})

function isSoWithout(scope: Scope, when: Evaluate<boolean>): boolean {
  const { event } = scope
  scope.event = ''
  const is = when(scope) === true
  scope.event = event
  return is
}

function add(
  state: State | undefined,
  { ts, receivedAt, kind }: Sample,
  { times, within }: { times: number; within: number },
): State {
  const at = [...(state?.at ?? []).filter((time) => time > ts - within), ts].slice(-times)
  const on = kind === 'event' ? (state?.on ?? false) : true
  const startedAt = at[0] as number
  const reached = at.length >= times
  const phase = state?.phase ?? (reached ? { startedAt, raisedAt: ts, detail: { count: times } } : undefined)
  return { on, at, offset: receivedAt - ts, phase }
}
