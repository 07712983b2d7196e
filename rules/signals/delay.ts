/** Becomes true after `when` has been true for a time without an interruption or gap: a lamp after its warm-up. */
import { z } from 'zod'
import { duration, expressionText } from '../schema/fields.ts'
import { defineSignal, type Signal } from './signal.ts'

const schema = z.strictObject({ when: expressionText, for: duration })

interface State {
  readonly since: number
  /** A reading with `when` true, at most `maxAge / updatesPerMaxAge` older than the newest. */
  readonly last: number
}

/** How often `last` is updated per `maxAge`, so that most readings change no state. */
const updatesPerMaxAge = 8

export const delay = defineSignal({
  name: 'delay',
  schema,
  build(options, context): Signal<State> {
    const when = context.expression(options.when, 'when')
    return {
      step(state, ts, scope) {
        const isTrue = when(scope)
        if (isTrue === undefined) return state
        if (!isTrue) return undefined
        // Unknown during a gap: a lamp without power by day warms up every evening.
        if (!state || state.last < scope.minTime) return { since: ts, last: ts }
        return ts - state.last > (ts - scope.minTime) / updatesPerMaxAge ? { ...state, last: ts } : state
      },
      value: (state, ts) => state !== undefined && ts - state.since >= options.for,
    }
  },
})
