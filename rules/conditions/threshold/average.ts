/**
 * The mean of the daily means over several days reaches a limit: a single high blood pressure at home means little, a
 * week of them does. Readings are summed per day, so that a week is a few numbers; a gap ends nothing.
 */
import { z } from 'zod'
import { duration } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase } from '../condition.ts'

const dayMs = 86_400_000

const schema = z
  .strictObject({
    field: z.string().min(1),
    over: duration.refine((value) => value >= dayMs && value <= 60 * dayMs, 'must be 1d to 60d'),
    reaches: z.number(),
    /** Ends when the mean is below this; default: `reaches`. */
    clear: z.number().optional(),
    /** Minimum number of readings, and of days with readings, to evaluate. */
    least: z.strictObject({
      readings: z.int().min(1).max(10_000).default(12),
      days: z.int().min(1).max(60).default(3),
    }),
  })
  .refine(({ reaches, clear = reaches }) => clear <= reaches, {
    message: 'cannot be above `reaches`',
    path: ['clear'],
  })

/** One day: days since 1970 (UTC), the sum and the number of its readings. */
type Day = readonly [day: number, sum: number, count: number]

interface State {
  readonly days: readonly Day[]
  readonly phase?: Phase
}

export const average = defineCondition({
  name: 'average',
  about: 'device',
  schema,
  build({ field, over, reaches, clear = reaches, least }, context): ConditionBehavior<State> {
    const slots = context.numberField(field, 'field')
    return {
      step(state, { ts, scope, muted }) {
        const value = scope.reported[slots.get(scope.type) ?? -1]
        if (typeof value !== 'number') return state
        const days = addReading(state?.days ?? [], { ts, value, over })
        const { mean, count } = meanOf(days)
        if (state?.phase) return mean < clear ? { days } : { days, phase: state.phase }
        const isEnough = count >= least.readings && days.length >= least.days
        if (muted || !isEnough || mean < reaches) return { days }
        const startedAt = (days[0] as Day)[0] * dayMs
        const detail = { mean: Math.round(mean * 10) / 10, count, days: days.length }
        return { days, phase: { startedAt, raisedAt: ts, detail } }
      },
      phase: (state) => state?.phase,
    }
  },
})

interface NewReading {
  readonly ts: number
  readonly value: number
  readonly over: number
}

/** Adds the reading to its day and drops days older than `over`. */
function addReading(days: readonly Day[], { ts, value, over }: NewReading): readonly Day[] {
  const day = Math.floor(ts / dayMs)
  const known = days.find(([number]) => number === day)
  const today: Day = known ? [day, known[1] + value, known[2] + 1] : [day, value, 1]
  const oldest = day - Math.round(over / dayMs)
  // Later days were recorded before a clock regression.
  return [...days.filter(([number]) => number > oldest && number < day), today]
}

/** Each day has the same weight: a resident who feels unwell may measure ten times in an hour. */
function meanOf(days: readonly Day[]): { mean: number; count: number } {
  const means = days.reduce((total, [, sum, count]) => total + sum / count, 0)
  const count = days.reduce((total, [, , one]) => total + one, 0)
  return { mean: means / days.length, count }
}
