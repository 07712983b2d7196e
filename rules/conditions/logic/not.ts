/** `not`: a part of `all` that holds while the condition inside it does not. By itself it would hold nearly always. */
import { z } from 'zod'
import { type Condition, defineCondition, placeholderCondition } from '../condition.ts'

export const not = defineCondition({
  name: 'not',
  about: 'both',
  schema: z.unknown(),
  build(_options, context): Condition {
    context.addProblem('not can only stand directly inside all, beside something that is to hold')
    return placeholderCondition
  },
})

/** The condition inside, when this is written as `not: …`. */
export function innerOfNot(spec: unknown): unknown {
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return undefined
  const [entry, ...others] = Object.entries(spec)
  return entry?.[0] === 'not' && others.length === 0 ? entry[1] : undefined
}
