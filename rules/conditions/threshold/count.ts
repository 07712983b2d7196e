/** A fact that repeats: `when` becomes true (or a matching event arrives) at least `times` times within `within`. */
import { z } from 'zod'
import type { Evaluate, Scope } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase, type Sample } from '../condition.ts'

const schema = z.strictObject({
  when: expressionText,
  times: z.int().min(1).max(1000),
  within: duration.refine((value) => value > 0, 'must be greater than 0'),
  /** How long a value counts as known; default: the offline limit of the device type. */
  maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
})

interface State {
  /** `when` was true at the last reading where it was known. */
  readonly isActive: boolean
  /** Event times at which it became true, the newest `times` of them. */
  readonly occurrences: readonly number[]
  /** Hub clock minus device clock at the newest of them, ms. */
  readonly hubOffset: number
  readonly phase?: Phase
}

export const count = defineCondition({
  name: 'count',
  about: 'device',
  schema,
  formerStateKeys: { on: 'isActive', at: 'occurrences', offset: 'hubOffset' },
  build(options, context): ConditionBehavior<State> {
    const when = context.expression(options.when, 'when')
    const maxAge = options.maxAge ?? context.offlineAfter
    const oldestOf = (state: State): number | undefined =>
      state.occurrences[state.occurrences.length - options.times]
    return {
      needsRepeatedReadings: true,
      step(state, sample) {
        sample.scope.minTime = sample.ts - maxAge
        const isTrue = when(sample.scope)
        if (isTrue === undefined) return state
        // Skip events that did not make `when` true: a test call during an outage is not another outage.
        if (sample.kind === 'event' && isTrue && isTrueWithoutEvent(sample.scope, when)) return state
        const isOccurrence = isTrue && (sample.kind === 'event' || !state?.isActive)
        if (isOccurrence && !sample.muted) return addOccurrence(state, sample, options)
        const isActive = isTrue && sample.kind !== 'event'
        if (!state || state.isActive === isActive) return state
        return state.occurrences.length === 0 ? undefined : { ...state, isActive }
      },
      due(state) {
        if (!state || state.occurrences.length === 0) return undefined
        const first = state.phase ? oldestOf(state) : state.occurrences.at(-1)
        const at = (first ?? 0) + options.within
        return { at, hub: at + state.hubOffset }
      },
      fire(state, { at }) {
        if (!state) return undefined
        const remaining = state.occurrences.filter((time) => time > at - options.within)
        if (remaining.length === 0 && !state.isActive) return undefined
        return { ...state, occurrences: remaining, phase: undefined }
      },
      phase: (state) => state?.phase,
      isUnknown(_state, scope) {
        scope.minTime = scope.now - maxAge
        return when(scope) === undefined
      },
    }
  },
})

function isTrueWithoutEvent(scope: Scope, when: Evaluate<boolean>): boolean {
  const { event } = scope
  scope.event = ''
  const isTrue = when(scope) === true
  scope.event = event
  return isTrue
}

function addOccurrence(
  state: State | undefined,
  { ts, receivedAt, kind }: Sample,
  { times, within }: { times: number; within: number },
): State {
  const occurrences = [...(state?.occurrences ?? []).filter((time) => time > ts - within), ts].slice(-times)
  const isActive = kind === 'event' ? (state?.isActive ?? false) : true
  const startedAt = occurrences[0] as number
  const isReached = occurrences.length >= times
  const phase =
    state?.phase ?? (isReached ? { startedAt, raisedAt: ts, detail: { count: times } } : undefined)
  return { isActive, occurrences, hubOffset: receivedAt - ts, phase }
}
