/** `not`: inside `all`, active while the condition inside it is not. By itself it would nearly always be active. */
import { z } from 'zod'
import { type Condition, defineCondition, placeholderCondition } from '../condition.ts'

export const not = defineCondition({
  name: 'not',
  about: 'both',
  schema: z.unknown(),
  build(_options, context): Condition {
    context.addProblem('not can only be nested directly in all, beside a condition that is not negated')
    return placeholderCondition
  },
})

/** The condition inside `not: …`; undefined for any other condition. */
export function innerOfNot(spec: unknown): unknown {
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return undefined
  const [entry, ...others] = Object.entries(spec)
  return entry?.[0] === 'not' && others.length === 0 ? entry[1] : undefined
}
