/**
 * The mean of the means of so many days reaches a limit: of blood pressure at home a single high value says little, that
 * of a week does. Readings are summed by day, so that a week is a few numbers; a gap ends nothing.
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
    /** The mean below which it is over; default: `reaches`. */
    clear: z.number().optional(),
    /** Nothing is said of fewer readings, or of readings on fewer days. */
    least: z.strictObject({
      readings: z.int().min(1).max(10_000).default(12),
      days: z.int().min(1).max(60).default(3),
    }),
  })
  .refine(({ reaches, clear = reaches }) => clear <= reaches, {
    message: 'cannot be above `reaches`',
    path: ['clear'],
  })

/** One day: its number since 1970 (UTC), the sum and number of its readings. */
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
        const days = add(state?.days ?? [], { ts, value, over })
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

interface Added {
  readonly ts: number
  readonly value: number
  readonly over: number
}

/** The day of the reading, and those before it within `over`. */
function add(days: readonly Day[], { ts, value, over }: Added): readonly Day[] {
  const day = Math.floor(ts / dayMs)
  const known = days.find(([number]) => number === day)
  const today: Day = known ? [day, known[1] + value, known[2] + 1] : [day, value, 1]
  const oldest = day - Math.round(over / dayMs)
  // Days after it are of a clock that was set back since.
  return [...days.filter(([number]) => number > oldest && number < day), today]
}

/** Each day weighs the same: who feels unwell measures ten times in an hour. */
function meanOf(days: readonly Day[]): { mean: number; count: number } {
  const means = days.reduce((total, [, sum, count]) => total + sum / count, 0)
  const count = days.reduce((total, [, , one]) => total + one, 0)
  return { mean: means / days.length, count }
}
