/**
 * False when a value has just jumped up by `by` or more, and at the reading that returns from such a jump: an echo, a bag
 * on the sensor of a bin. The next reading that stays up confirms the jump. After a pause longer than `within` the value
 * may have grown that far, and counts.
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
  /** A reading with this value, at most `within / updatesPerWindow` older than the newest. */
  readonly ts: number
  /** The value before an unconfirmed jump. */
  readonly from?: number
  /** It has just returned from such a jump. */
  readonly back?: true
}

/** How often `ts` is updated per `within` while the value is the same, so that most readings change no state. */
const updatesPerWindow = 8
const rounding = 1e-9

export const stable = defineSignal({
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
        const isSame = value === state.value && !state.back && ts - state.ts < within / updatesPerWindow
        return isSame ? state : { value, ts }
      },
      value: (state) => state?.from === undefined && state?.back === undefined,
    }
  },
})
