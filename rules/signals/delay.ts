/** Becomes yes only after `when` has been true for a time without a break: a lamp that has had its warm-up. */
import { z } from 'zod'
import { duration, expressionText } from '../schema-parts.ts'
import { defineSignal, type Signal } from './signal.ts'

const schema = z.strictObject({ when: expressionText, for: duration })

interface State {
  readonly since: number
}

export const delay = defineSignal({
  name: 'delay',
  schema,
  build(options, context): Signal<State> {
    const when = context.expression(options.when, 'when')
    return {
      step(state, ts, scope) {
        const now = when(scope)
        if (now === undefined) return state
        return now ? (state ?? { since: ts }) : undefined
      },
      value: (state, ts) => state !== undefined && ts - state.since >= options.for,
    }
  },
})
