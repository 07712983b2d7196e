/** Several conditions of which one is enough; with `clear`, it ends only when that is true and none holds any more. */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase } from '../condition.ts'
import {
  buildParts,
  dueOfParts,
  fireParts,
  isUnknown,
  type Part,
  type PartStates,
  partsSchema,
  phaseOf,
  setBackParts,
  stepParts,
} from './nested-conditions.ts'

const schema = z.strictObject({
  of: partsSchema,
  clear: expressionText.optional(),
  /** A name for each part, so that the rule has a reason of its own in `reasons` for what that part noticed. */
  variants: z.array(z.string().min(1)).max(8).optional(),
})

interface State {
  readonly parts: readonly unknown[]
  readonly phase?: Phase
}

export const any = defineCondition({
  name: 'any',
  about: 'device',
  schema,
  build(options, context): ConditionBehavior<State> {
    const parts = buildParts(options.of, context)
    parts.forEach(({ negated }, index) => {
      if (negated)
        context.addProblem('a not in any would hold nearly always; put it in an all', 'of', index, 'not')
    })
    const { variants } = options
    if (variants && variants.length !== parts.length)
      context.addProblem(`needs one name for each of the ${parts.length} parts`, 'variants')
    const clear = options.clear === undefined ? undefined : context.expression(options.clear, 'clear')
    return createAny(parts, { clear, variants, hold: context.offlineAfter })
  },
})

interface Options {
  readonly clear: Evaluate<boolean> | undefined
  readonly variants: readonly string[] | undefined
  readonly hold: number
}

function createAny(parts: readonly Part[], { clear, variants, hold }: Options): ConditionBehavior<State> {
  /** `cleared`: what `clear` says now; undefined at a timer, when nothing was read. */
  const next = (state: State | undefined, states: PartStates, cleared: boolean | undefined) => {
    const active = firstPhase(parts, states, variants)
    const stays = clear !== undefined && cleared !== true ? state?.phase : undefined
    const phase = active ? (state?.phase ?? active) : stays
    if (!phase && !states) return undefined
    const kept = states ?? parts.map(() => null)
    return { parts: kept, phase }
  }

  return {
    needsRepeatedReadings: parts.some(({ condition }) => condition.needsRepeatedReadings),
    step(state, moment) {
      const states = stepParts(parts, state?.parts, moment)
      // Only an open episode that no part holds any more waits for `clear`.
      if (states === state?.parts && (!state?.phase || !clear)) return state
      moment.scope.minTime = moment.ts - hold
      const cleared = clear?.(moment.scope)
      if (states === state?.parts && (cleared !== true || firstPhase(parts, states))) return state
      return next(state, states, cleared)
    },
    due: (state, subject, fromReadings) => dueOfParts(parts, state?.parts, { subject, fromReadings }),
    fire(state, due, subject) {
      const states = fireParts(parts, state?.parts, { due, subject })
      return states === state?.parts ? state : next(state, states, undefined)
    },
    phase: (state) => state?.phase,
    onClockRegression({ parts: states }) {
      const left = setBackParts(parts, states)
      return left && { parts: left }
    },
    isUnknown: (state, scope) => parts.some((part, index) => isUnknown(part, state?.parts[index], scope)),
  }
}

function firstPhase(
  parts: readonly Part[],
  states: PartStates,
  variants?: readonly string[],
): Phase | undefined {
  let first: Phase | undefined
  let variant: string | undefined
  for (let index = 0; index < parts.length; index += 1) {
    const phase = phaseOf(parts[index] as Part, states, index)
    if (!phase || (first && phase.raisedAt >= first.raisedAt)) continue
    first = phase
    variant = variants?.[index]
  }
  return first && variant !== undefined ? { ...first, variant } : first
}
