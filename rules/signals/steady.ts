/**
 * No while a value has just jumped up by `by` or more, and in the reading with which it is gone again: an echo, a bag that
 * lies on the sensor of a bin. The next reading that stays up confirms the jump. After a longer pause than `within` a
 * value may well have grown so far, and is believed.
 */
import { z } from 'zod'
import { duration } from '../schema/fields.ts'
import { defineSignal, type Signal } from './signal.ts'

const schema = z.strictObject({
  field: z.string().min(1),
  by: z.number().positive(),
  within: duration.refine((value) => value > 0, 'must be greater than 0'),
})

interface State {
  readonly value: number
  /** Of a reading that told it, not much older than the newest. */
  readonly ts: number
  /** What it was before a jump that is not confirmed yet. */
  readonly from?: number
  /** It has just come back from such a jump. */
  readonly back?: true
}

/** The newest telling of the same value is noted so many times in `within`, so that most readings change nothing. */
const parts = 8
const rounding = 1e-9

export const steady = defineSignal({
  name: 'stable',
  schema,
  build({ field, by, within }, context): Signal<State> {
    const slots = context.numberField(field, 'field')
    const isJump = (state: State, value: number, ts: number): boolean =>
      value - state.value >= by - rounding && ts - state.ts <= within
    return {
      step(state, ts, scope) {
        const value = scope.reported[slots.get(scope.type) ?? -1]
        if (typeof value !== 'number') return state
        if (!state || ts < state.ts) return { value, ts }
        if (state.from !== undefined)
          return state.value - value >= (state.value - state.from) / 2
            ? { value, ts, back: true }
            : { value, ts }
        if (isJump(state, value, ts)) return { value, ts, from: state.value }
        const isSame = value === state.value && !state.back && ts - state.ts < within / parts
        return isSame ? state : { value, ts }
      },
      value: (state) => state?.from === undefined && state?.back === undefined,
    }
  },
})
