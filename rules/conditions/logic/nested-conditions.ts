/**
 * Conditions inside of another one: each with its own state, stepped and fired as if it stood alone.
 *
 * Nested conditions evaluate the readings of one subject in event time. Those in hub time, those that accept late evidence
 * (`absence`, `event`, `silence`) and those about a group cannot be nested: their result could change without a reading.
 */
import { z } from 'zod'
import type { Scope } from '../../expression/scope.ts'
import type { BuildContext, Condition, ConditionInputs, Due, Phase, Sample, Subject } from '../condition.ts'
import { innerOfNot } from './not.ts'

export const nestedSchema = z.array(z.unknown()).min(1).max(8)

export interface NestedCondition {
  readonly condition: Condition
  /** Written as `not: …`: active while the condition is not. */
  readonly negated: boolean
  readonly inputs: ConditionInputs
}

/** State of each condition, `null` = none; undefined = no condition has state. */
export type NestedStates = readonly unknown[] | undefined

/** Adds a problem for each condition that cannot be nested. */
export function buildNested(specs: readonly unknown[], context: BuildContext): NestedCondition[] {
  return specs.map((spec, index) => {
    const inner = innerOfNot(spec)
    const negated = inner !== undefined
    const { condition, inputs } = negated
      ? context.child(inner, 'of', index, 'not')
      : context.child(spec, 'of', index)
    if (condition.clock === 'hub' || condition.acceptsLate)
      context.addProblem(
        'absence, event, silence and the like cannot be nested in another condition',
        'of',
        index,
      )
    return { condition, negated, inputs }
  })
}

/** The phase of one condition, regardless of `not`. */
export function phaseOf(
  { condition }: NestedCondition,
  states: NestedStates,
  index: number,
): Phase | undefined {
  const state = states?.[index]
  return state === undefined || state === null ? undefined : condition.phase(state)
}

/** Whether a condition without a phase may be active, because its inputs are unknown. Needs `scope.now`. */
export function isUnknown({ condition }: NestedCondition, state: unknown, scope: Scope): boolean {
  const known = state ?? undefined
  return condition.isUnknown ? condition.isUnknown(known, scope) : known === undefined
}

/** States after a clock regression of the device; undefined when nothing remains. */
export function regressNested(nested: readonly NestedCondition[], states: readonly unknown[]): NestedStates {
  return orNothing(
    nested.map(({ condition }, index) => {
      const state = states[index] ?? undefined
      return (state === undefined ? undefined : condition.onClockRegression?.(state)) ?? null
    }),
  )
}

/** Returns the same states when the message changes none. */
export function stepNested(
  nested: readonly NestedCondition[],
  states: NestedStates,
  sample: Sample,
): NestedStates {
  let next: unknown[] | undefined
  for (let index = 0; index < nested.length; index += 1) {
    const one = nested[index] as NestedCondition
    if (!isRelevant(one, sample)) continue
    const before = states?.[index] ?? undefined
    const after = one.condition.step(before, sample)
    if (after === before) continue
    next ??= states ? states.slice() : new Array<unknown>(nested.length).fill(null)
    next[index] = after ?? null
  }
  return next ? orNothing(next) : states
}

/** Skips messages without any input of the condition, as the engine does for a rule. */
function isRelevant({ condition, inputs }: NestedCondition, { kind, scope, offline }: Sample): boolean {
  if (kind === 'event') return inputs.events
  if (condition.needsRepeatedReadings || offline || inputs.always) return true
  const slots = inputs.slots.get(scope.type)
  if (!slots || slots.length === 0) return true
  for (let index = 0; index < slots.length; index += 1) {
    if (scope.reported[slots[index] as number] !== undefined) return true
  }
  return false
}

function orNothing(states: readonly unknown[]): NestedStates {
  for (let index = 0; index < states.length; index += 1) if (states[index] !== null) return states
  return undefined
}

/** The earliest in event time, at the earliest hub time of all: what precedes a due timer in event time is due as well. */
export function nextNestedDue(
  nested: readonly NestedCondition[],
  states: NestedStates,
  { subject, fromReadings }: { readonly subject: Subject; readonly fromReadings?: boolean },
): Due | undefined {
  if (!states) return undefined
  let first: Due | undefined
  let hub = Number.POSITIVE_INFINITY
  for (let index = 0; index < nested.length; index += 1) {
    const due = (nested[index] as NestedCondition).condition.due(
      states[index] ?? undefined,
      subject,
      fromReadings,
    )
    if (!due) continue
    if (due.hub < hub) hub = due.hub
    if (!first || due.at < first.at) first = due
  }
  return first && (first.hub === hub ? first : { ...first, hub })
}

/** Fires the condition that returned `due`. */
export function fireNested(
  nested: readonly NestedCondition[],
  states: NestedStates,
  { due, subject }: { readonly due: Due; readonly subject: Subject },
): NestedStates {
  if (!states) return undefined
  for (const [index, { condition }] of nested.entries()) {
    const own = condition.due(states[index] ?? undefined, subject)
    if (own?.at !== due.at) continue
    return orNothing(states.with(index, condition.fire(states[index] ?? undefined, own, subject) ?? null))
  }
  return states
}
