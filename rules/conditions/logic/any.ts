/** Several conditions of which one is enough; with `clear`, it ends only when that is true and none is active. */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase } from '../condition.ts'
import {
  buildNested,
  fireNested,
  isUnknown,
  type NestedCondition,
  type NestedStates,
  nestedSchema,
  nextNestedDue,
  phaseOf,
  regressNested,
  stepNested,
} from './nested-conditions.ts'

const schema = z.strictObject({
  of: nestedSchema,
  clear: expressionText.optional(),
  /** A name for each condition, which selects the rule's text in `reasons`. */
  variants: z.array(z.string().min(1)).max(8).optional(),
})

interface State {
  readonly nested: readonly unknown[]
  readonly phase?: Phase
}

export const any = defineCondition({
  name: 'any',
  about: 'device',
  schema,
  formerStateKeys: { parts: 'nested' },
  build(options, context): ConditionBehavior<State> {
    const nested = buildNested(options.of, context)
    nested.forEach(({ negated }, index) => {
      if (negated)
        context.addProblem('a not in any would nearly always be active; put it in an all', 'of', index, 'not')
    })
    const { variants } = options
    if (variants && variants.length !== nested.length)
      context.addProblem(`needs one name for each of the ${nested.length} conditions`, 'variants')
    const clear = options.clear === undefined ? undefined : context.expression(options.clear, 'clear')
    return createAny(nested, { clear, variants, maxAge: context.offlineAfter })
  },
})

interface Options {
  readonly clear: Evaluate<boolean> | undefined
  readonly variants: readonly string[] | undefined
  readonly maxAge: number
}

function createAny(
  nested: readonly NestedCondition[],
  { clear, variants, maxAge }: Options,
): ConditionBehavior<State> {
  /** `cleared`: value of `clear`; undefined at a timer, because nothing was read. */
  const next = (state: State | undefined, states: NestedStates, cleared: boolean | undefined) => {
    const active = firstPhase(nested, states, variants)
    const waiting = clear !== undefined && cleared !== true ? state?.phase : undefined
    const phase = active ? (state?.phase ?? active) : waiting
    if (!phase && !states) return undefined
    return { nested: states ?? nested.map(() => null), phase }
  }

  return {
    needsRepeatedReadings: nested.some(({ condition }) => condition.needsRepeatedReadings),
    step(state, sample) {
      const states = stepNested(nested, state?.nested, sample)
      // Only an open episode without an active condition waits for `clear`.
      if (states === state?.nested && (!state?.phase || !clear)) return state
      sample.scope.minTime = sample.ts - maxAge
      const cleared = clear?.(sample.scope)
      if (states === state?.nested && (cleared !== true || firstPhase(nested, states))) return state
      return next(state, states, cleared)
    },
    due: (state, subject, fromReadings) => nextNestedDue(nested, state?.nested, { subject, fromReadings }),
    fire(state, due, subject) {
      const states = fireNested(nested, state?.nested, { due, subject })
      return states === state?.nested ? state : next(state, states, undefined)
    },
    phase: (state) => state?.phase,
    onClockRegression({ nested: states }) {
      const remaining = regressNested(nested, states)
      return remaining && { nested: remaining }
    },
    isUnknown: (state, scope) => nested.some((one, index) => isUnknown(one, state?.nested[index], scope)),
  }
}

function firstPhase(
  nested: readonly NestedCondition[],
  states: NestedStates,
  variants?: readonly string[],
): Phase | undefined {
  let first: Phase | undefined
  let variant: string | undefined
  for (let index = 0; index < nested.length; index += 1) {
    const phase = phaseOf(nested[index] as NestedCondition, states, index)
    if (!phase || (first && phase.raisedAt >= first.raisedAt)) continue
    first = phase
    variant = variants?.[index]
  }
  return first && variant !== undefined ? { ...first, variant } : first
}
