/**
 * Several conditions that must be active together: begins with the last of them, and ends when one ends (with `clear`, when
 * that is true as well). A nested `not: …` counts as active while the condition inside is known to be inactive.
 */
import { z } from 'zod'
import type { Evaluate, Scope } from '../../expression/scope.ts'
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

const schema = z.strictObject({ of: nestedSchema, clear: expressionText.optional() })

interface State {
  readonly nested: readonly unknown[]
  readonly phase?: Phase
  /** The newest message was muted: nothing may begin, not at a timer either. */
  readonly muted?: true
}

export const all = defineCondition({
  name: 'all',
  about: 'device',
  schema,
  formerStateKeys: { parts: 'nested' },
  build(options, context): ConditionBehavior<State> {
    const nested = buildNested(options.of, context)
    if (nested.every(({ negated }) => negated))
      context.addProblem('all needs a condition that is not negated', 'of')
    const clear = options.clear === undefined ? undefined : context.expression(options.clear, 'clear')
    return createAll(nested, { clear, maxAge: context.offlineAfter })
  },
})

interface Options {
  readonly clear: Evaluate<boolean> | undefined
  readonly maxAge: number
}

/** A message or a timer. `at`: event time, ms. */
interface Evaluation {
  readonly at: number
  readonly muted: boolean
  readonly scope: Scope
  /** Value of `clear`; undefined at a timer, because nothing was read. */
  readonly cleared: boolean | undefined
}

function createAll(nested: readonly NestedCondition[], { clear, maxAge }: Options): ConditionBehavior<State> {
  const next = (state: State | undefined, states: NestedStates, now: Evaluation): State | undefined => {
    const allActive = areAllActive(nested, states)
    const continues = allActive || (clear !== undefined && now.cleared !== true)
    const phase = state?.phase
      ? continues
        ? state.phase
        : undefined
      : begin(nested, { allActive, state, states, now })
    if (!states && !phase) return undefined
    if (state && states === state.nested && phase === state.phase && now.muted === (state.muted ?? false))
      return state
    return { nested: states ?? nested.map(() => null), phase, ...(now.muted && { muted: true }) }
  }

  return {
    needsRepeatedReadings: nested.some(({ condition }) => condition.needsRepeatedReadings),
    step(state, sample) {
      const { ts: at, muted, scope } = sample
      const states = stepNested(nested, state?.nested, sample)
      if (!states && !state) return undefined
      scope.minTime = at - maxAge
      const cleared = state?.phase && clear?.(scope)
      return next(state, states, { at, muted, scope, cleared })
    },
    due: (state, subject, fromReadings) => nextNestedDue(nested, state?.nested, { subject, fromReadings }),
    fire(state, due, subject) {
      const states = fireNested(nested, state?.nested, { due, subject })
      if (states === state?.nested) return state
      const scope = subject.scope(0, due.at)
      return next(state, states, { at: due.at, muted: state?.muted ?? false, scope, cleared: undefined })
    },
    phase: (state) => state?.phase,
    onClockRegression({ nested: states }) {
      const remaining = regressNested(nested, states)
      return remaining && { nested: remaining }
    },
    isUnknown: (state, scope) =>
      nested.every((one, index) => {
        const active = phaseOf(one, state?.nested, index)
        return active ? !one.negated : one.negated || isUnknown(one, state?.nested[index], scope)
      }),
  }
}

/** Each condition has a phase (negated: has none, which may mean unknown). */
function areAllActive(nested: readonly NestedCondition[], states: NestedStates): boolean {
  for (let index = 0; index < nested.length; index += 1) {
    const one = nested[index] as NestedCondition
    if ((phaseOf(one, states, index) !== undefined) === one.negated) return false
  }
  return true
}

interface Beginning {
  readonly allActive: boolean
  readonly state: State | undefined
  readonly states: NestedStates
  readonly now: Evaluation
}

function begin(
  nested: readonly NestedCondition[],
  { allActive, state, states, now }: Beginning,
): Phase | undefined {
  if (!allActive || now.muted) return undefined
  const isAnyUnknown = nested.some((one, index) => one.negated && isUnknown(one, states?.[index], now.scope))
  if (isAnyUnknown) return undefined
  const phases: Phase[] = []
  let isFresh = false
  for (const [index, one] of nested.entries()) {
    const phase = one.negated ? undefined : phaseOf(one, states, index)
    if (!phase) continue
    phases.push(phase)
    if (phaseOf(one, state?.nested, index)?.raisedAt !== phase.raisedAt) isFresh = true
  }
  const { variant, device } = phases[0] as Phase
  const detail = Object.assign({}, ...phases.map((phase) => phase.detail)) as Phase['detail']
  // When a `not` or the end of `mute` completed it, it begins now.
  const startedAt = isFresh ? Math.max(...phases.map((phase) => phase.startedAt)) : now.at
  const raisedAt = isFresh ? Math.max(...phases.map((phase) => phase.raisedAt)) : now.at
  return { startedAt, raisedAt, detail, variant, device }
}
