/**
 * `when` was true for `times` of the last `of` occasions (a stop of a lift, a trip, an event).
 *
 * An occasion begins when `sample` becomes true, or is an event for which it is true. Its first reading with a known
 * `when` is evaluated; an occasion without one does not count, and neither does one while the rule is muted.
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
    /** An episode continues while there are at least this many hits; default: `times`. */
    keep: z.int().min(1).max(100).optional(),
    /** Older occasions do not count; default: no limit. */
    within: duration.refine((value) => value > 0, 'must be greater than 0').optional(),
    /** How long a value counts as known; default: the offline limit of the device type. */
    maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
  })
  .refine(({ times, of }) => times <= of, { message: 'cannot be more than `of`', path: ['times'] })
  .refine(({ times, keep = 1 }) => keep <= times, { message: 'cannot be more than `times`', path: ['keep'] })

type Options = z.output<typeof schema>

interface State {
  /** The current occasion has been evaluated. */
  readonly isActive: boolean
  /** Event times of the last occasions, oldest first; negative when `when` was false. */
  readonly occasions: readonly number[]
  readonly phase?: Phase
}

const initialState: State = { isActive: false, occasions: [] }

export const shareOfOccasions = defineCondition({
  name: 'often',
  about: 'device',
  schema,
  formerStateKeys: { on: 'isActive', seen: 'occasions' },
  build(options, context): ConditionBehavior<State> {
    const isOccasionIn = context.expression(options.sample, 'sample')
    const when = context.expression(options.when, 'when')
    const maxAge = options.maxAge ?? context.offlineAfter
    return {
      needsRepeatedReadings: true,
      step(state, sample) {
        const { scope } = sample
        scope.minTime = sample.ts - maxAge
        const isOccasion = isOccasionIn(scope)
        if (isOccasion === undefined) return state
        const isEvent = sample.kind === 'event'
        if (!isOccasion) return isEvent || !state?.isActive ? state : withActive(state, false)
        if (state?.isActive && !isEvent) return state
        if (sample.muted) return isEvent ? state : withActive(state ?? initialState, true)
        const isHit = when(scope)
        if (isHit === undefined) return state
        const next = isEvent ? (state ?? initialState) : withActive(state ?? initialState, true)
        return addOccasion(options, next, { ts: sample.ts, isHit })
      },
      phase: (state) => state?.phase,
      onClockRegression: (state) => state,
    }
  },
})

const withActive = (state: State, isActive: boolean): State =>
  state.isActive === isActive ? state : { ...state, isActive }

interface Occasion {
  readonly ts: number
  readonly isHit: boolean
}

function addOccasion(options: Options, state: State, { ts, isHit }: Occasion): State {
  const oldest = options.within === undefined ? Number.NEGATIVE_INFINITY : ts - options.within
  const occasions = [...state.occasions.filter((at) => Math.abs(at) >= oldest), isHit ? ts : -ts].slice(
    -options.of,
  )
  const hits = occasions.filter((at) => at > 0)
  const { isActive, phase } = state
  if (phase && hits.length >= (options.keep ?? options.times)) return { isActive, occasions, phase }
  if (hits.length < options.times) return { isActive, occasions }
  const detail = { count: hits.length, of: occasions.length }
  return { isActive, occasions, phase: { startedAt: hits[0] ?? ts, raisedAt: ts, detail } }
}
