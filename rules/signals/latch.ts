/**
 * Stays true until it is reset: people inside a closed car cannot disappear, only the sensor loses them.
 *
 * `set` must be true for `flicker` before it is latched (shorter interruptions do not count); until then the signal has
 * the value of `set`.
 */
import { z } from 'zod'
import { duration, expressionText } from '../schema/fields.ts'
import { defineSignal, type Signal } from './signal.ts'

const schema = z.strictObject({
  set: expressionText,
  reset: expressionText,
  /** Earlier readings are in doubt: only `set` from this reading on is latched again. */
  restart: expressionText.optional(),
  flicker: duration.default(0),
  /** How long a value counts as known; default: the rule's. Longer for values that are reported only on change. */
  maxAge: duration.optional(),
})

interface State {
  /** When `set` became true. */
  readonly since: number
  /** When `set` became false after that, while the interruption is shorter than `flicker`. */
  readonly lost?: number
  readonly latched: boolean
}

export const latch = defineSignal({
  name: 'latch',
  schema,
  build({ flicker, maxAge, ...texts }, context): Signal<State> {
    const set = context.expression(texts.set, 'set')
    const reset = context.expression(texts.reset, 'reset')
    const restart = texts.restart === undefined ? undefined : context.expression(texts.restart, 'restart')
    return {
      step(state, ts, scope) {
        if (maxAge !== undefined) scope.minTime = ts - maxAge
        if (reset(scope) === true) return undefined
        if (restart?.(scope) === true) return set(scope) === true ? { since: ts, latched: false } : undefined
        if (state?.latched) return state
        const continues = state && (state.lost === undefined || ts - state.lost < flicker)
        if (set(scope) !== true) {
          if (!continues) return undefined
          return state.lost === undefined ? { ...state, lost: ts } : state
        }
        const since = continues ? state.since : ts
        if (continues && state.lost === undefined && ts - since < flicker) return state
        return { since, latched: ts - since >= flicker }
      },
      value: (state, _ts, scope) => (state?.latched ? true : set(scope)),
    }
  },
})
