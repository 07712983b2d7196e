/** Becomes yes only after `when` has been true for a time without a break or a gap: a lamp that has had its warm-up. */
import { z } from 'zod'
import { duration, expressionText } from '../schema/fields.ts'
import { defineSignal, type Signal } from './signal.ts'

const schema = z.strictObject({ when: expressionText, for: duration })

interface State {
  readonly since: number
  /** A reading at which it was true, not much older than the newest. */
  readonly last: number
}

/** `last` follows in steps of this part of the time for which a value is believed, so that most readings change nothing. */
const steps = 8

export const delay = defineSignal({
  name: 'delay',
  schema,
  build(options, context): Signal<State> {
    const when = context.expression(options.when, 'when')
    return {
      step(state, ts, scope) {
        const now = when(scope)
        if (now === undefined) return state
        if (!now) return undefined
        // Over a gap nobody knows whether it stayed so: a lamp without power by day has its warm-up every evening.
        if (!state || state.last < scope.minTime) return { since: ts, last: ts }
        return ts - state.last > (ts - scope.minTime) / steps ? { ...state, last: ts } : state
      },
      value: (state, ts) => state !== undefined && ts - state.since >= options.for,
    }
  },
})
