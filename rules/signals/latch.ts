/**
 * Keeps a yes until something resets it: people inside a closed car cannot disappear, only the sensor loses them.
 *
 * `set` must have been seen over `flicker` before it is latched (gaps shorter than that do not count); until then the
 * signal is simply what `set` says.
 */
import { z } from 'zod'
import { duration, expressionText } from '../schema/fields.ts'
import { defineSignal, type Signal } from './signal.ts'

const schema = z.strictObject({
  set: expressionText,
  reset: expressionText,
  /** What was seen before is in doubt: only what is `set` from this reading on is latched again. */
  restart: expressionText.optional(),
  flicker: duration.default(0),
  /** How long a value is believed; default: the rule's. Longer for what is told once, at a change. */
  maxAge: duration.optional(),
})

interface State {
  /** First time of `set` in one go. */
  readonly since: number
  /** When it was first not set after that; a gap so far. */
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
        const goesOn = state && (state.lost === undefined || ts - state.lost < flicker)
        if (set(scope) !== true) {
          if (!goesOn) return undefined
          return state.lost === undefined ? { ...state, lost: ts } : state
        }
        const since = goesOn ? state.since : ts
        if (goesOn && state.lost === undefined && ts - since < flicker) return state
        return { since, latched: ts - since >= flicker }
      },
      value: (state, _ts, scope) => (state?.latched ? true : set(scope)),
    }
  },
})
