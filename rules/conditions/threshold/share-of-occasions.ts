/**
 * Among the last so many occasions (a stop of a lift, a trip, an event) something was so often the case.
 *
 * An occasion is when `sample` becomes true, or an event of which it is true. It is judged by the first reading of it
 * that can tell `when`; one that never could counts as none. Occasions while the rule is muted are none either.
 */
import { z } from 'zod'
import { duration, expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase } from '../condition.ts'

const schema = z
  .strictObject({
    sample: expressionText,
    when: expressionText,
    times: z.int().min(1).max(100),
    of: z.int().min(1).max(100),
    /** It goes on while it was at least so often the case; default: `times`. */
    keep: z.int().min(1).max(100).optional(),
    /** Occasions longer ago than this do not count; default: they always do. */
    within: duration.refine((value) => value > 0, 'must be longer than nothing').optional(),
    /** How long a value is believed; default: the offline limit of the device type. */
    maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
  })
  .refine(({ times, of }) => times <= of, { message: 'cannot be more than `of`', path: ['times'] })
  .refine(({ times, keep = 1 }) => keep <= times, { message: 'cannot be more than `times`', path: ['keep'] })

type Options = z.output<typeof schema>

interface State {
  /** The occasion that is going on has been judged. */
  readonly on: boolean
  /** Event times of the last occasions, oldest first; negative where `when` was false. */
  readonly seen: readonly number[]
  readonly phase?: Phase
}

/** Before the first occasion. */
const idle: State = { on: false, seen: [] }

export const often = defineCondition({
  name: 'often',
  about: 'device',
  schema,
  build(options, context): ConditionBehavior<State> {
    const sample = context.expression(options.sample, 'sample')
    const when = context.expression(options.when, 'when')
    const hold = options.maxAge ?? context.offlineAfter
    return {
      needsRepeatedReadings: true,
      step(state, moment) {
        const { scope } = moment
        scope.minTime = moment.ts - hold
        const isOccasion = sample(scope)
        if (isOccasion === undefined) return state
        const isEvent = moment.kind === 'event'
        if (!isOccasion) return isEvent || !state?.on ? state : turned(state, false)
        if (state?.on && !isEvent) return state
        if (moment.muted) return isEvent ? state : turned(state ?? idle, true)
        const was = when(scope)
        if (was === undefined) return state
        const judged = isEvent ? (state ?? idle) : turned(state ?? idle, true)
        return take(options, judged, { ts: moment.ts, was })
      },
      phase: (state) => state?.phase,
      onClockRegression: (state) => state,
    }
  },
})

const turned = (state: State, on: boolean): State => (state.on === on ? state : { ...state, on })

interface Occasion {
  readonly ts: number
  readonly was: boolean
}

function take(options: Options, state: State, { ts, was }: Occasion): State {
  const oldest = options.within === undefined ? Number.NEGATIVE_INFINITY : ts - options.within
  const seen = [...state.seen.filter((at) => Math.abs(at) >= oldest), was ? ts : -ts].slice(-options.of)
  const hits = seen.filter((at) => at > 0)
  const { on, phase } = state
  if (phase && hits.length >= (options.keep ?? options.times)) return { on, seen, phase }
  if (hits.length < options.times) return { on, seen }
  const detail = { count: hits.length, of: seen.length }
  return { on, seen, phase: { startedAt: hits[0] ?? ts, raisedAt: ts, detail } }
}
