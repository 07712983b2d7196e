/**
 * A value that is told again and again and never changes, as of a sensor that died but still speaks.
 *
 * It needs messages: silence is not stuck. A gap longer than `hold` counts for nothing, but the count goes on after it
 * when the value is still the very same; `raisedAt` is the reading with which the time told adds up to `for`.
 */
import { z } from 'zod'
import { previousValueTime, valueTime } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase, type Sample } from '../condition.ts'

const schema = z.strictObject({
  field: z.string().min(1),
  for: duration.refine((value) => value >= 60_000, 'must be at least 1m'),
  /** While true a value that stays is nothing to wonder about, e.g. an empty bin, a lamp that is off. */
  unless: expressionText.optional(),
  /** A value no farther than this from the first is the same. */
  tolerance: z.number().nonnegative().default(0),
  /** How long a value is believed; default: the offline limit of the device type. */
  maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
})

interface State {
  readonly value: number
  /** When it was first told. */
  readonly since: number
  /** A reading that told it, since which there was no gap. */
  readonly last: number
  /** For how long up to `last` it was told without gaps, ms. */
  readonly told: number
  readonly phase?: Phase
}

/** 0.42 is no farther than 0.02 from 0.4, whatever their difference is in binary. */
const rounding = 1e-9
const dayMs = 86_400_000

export const stuck = defineCondition({
  name: 'stuck',
  about: 'device',
  schema,
  build(options, context): ConditionBehavior<State> {
    const slots = context.numberField(options.field, 'field')
    const unless = options.unless === undefined ? undefined : context.expression(options.unless, 'unless')
    const hold = options.maxAge ?? context.offlineAfter
    const limits = { for: options.for, hold }
    const near = options.tolerance + rounding
    const isSame = (value: number, other: number): boolean => Math.abs(value - other) <= near
    return {
      // A value that is told again is no change, and the very thing to be looked at.
      needsRepeatedReadings: true,
      step(state, moment) {
        const { scope, ts } = moment
        const slot = slots.get(scope.type) ?? -1
        const value = scope.reported[slot]
        if (typeof value !== 'number') return state
        const before = scope.previous[slot]
        const known = state && isSame(value, state.value) ? state : undefined
        if (!known && (typeof before !== 'number' || !isSame(value, before))) return undefined
        if (unless) {
          scope.minTime = ts - hold
          const excused = unless(scope)
          if (excused === true) return undefined
          if (excused === undefined)
            return state && !state.phase ? pause(state, moment, previousValueTime(scope, slot)) : state
        }
        if (known?.phase) return known
        if (moment.muted) return undefined
        const toldAt = previousValueTime(scope, slot)
        const begun = known ?? { value: before as number, since: toldAt, last: toldAt, told: 0 }
        return again(begun, moment, { ...limits, toldAt })
      },
      phase: (state) => state?.phase,
      onClockRegression: (state) => state,
      // A value that moves is remembered by nothing, and yet known not to be stuck.
      isUnknown: (_, scope) => valueTime(scope, slots.get(scope.type) ?? -1) < scope.now - hold,
    }
  },
})

interface Again {
  readonly for: number
  readonly hold: number
  /** Event time (ms) of the telling before. */
  readonly toldAt: number
}

/**
 * Told once more. Only from the second time on there is a state, so that a value that lives has none; and as long as there
 * is no gap nothing more is to be noted.
 */
function again(state: State, moment: Sample, { for: limit, hold, toldAt }: Again): State {
  const { ts } = moment
  const ahead = state.last - ts
  // The device's clock was set back: how long it has been so stays.
  if (ahead > 0) return { ...state, since: state.since - ahead, last: ts }
  if (ts - toldAt > hold) return pause(state, moment, toldAt)
  const told = state.told + ts - state.last
  if (told < limit) return state
  const days = Math.round(((ts - state.since) / dayMs) * 10) / 10
  const detail = { value: state.value, days }
  return { ...state, last: ts, told, phase: { startedAt: state.since, raisedAt: ts, detail } }
}

/** What it was before the last telling counts, what was since then does not. */
function pause(state: State, { ts }: Sample, toldAt: number): State {
  return { ...state, told: state.told + Math.max(0, toldAt - state.last), last: ts }
}
