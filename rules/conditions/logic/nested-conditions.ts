/**
 * Conditions inside of another one: each with its own state, stepped and fired as if it stood alone.
 *
 * Parts are about the readings of one subject in event time. What hears with the hub's clock, takes evidence of any age
 * (`absence`, `event`, `silence`) or watches a group cannot be one: its answer could change without a reading.
 */
import { z } from 'zod'
import type { Scope } from '../../expression/scope.ts'
import type { BuildContext, Condition, ConditionInputs, Due, Phase, Sample, Subject } from '../condition.ts'
import { innerOfNot } from './not.ts'

export const partsSchema = z.array(z.unknown()).min(1).max(8)

export interface Part {
  readonly condition: Condition
  /** Written as `not: …`: it holds while the condition does not. */
  readonly negated: boolean
  readonly asks: ConditionInputs
}

/** State of each part, `null` = nothing remembered; undefined = of none. */
export type PartStates = readonly unknown[] | undefined

/** Notes a fault for each part that cannot be one. */
export function buildParts(specs: readonly unknown[], context: BuildContext): Part[] {
  return specs.map((spec, index) => {
    const inner = innerOfNot(spec)
    const negated = inner !== undefined
    const { condition, asks } = negated
      ? context.child(inner, 'of', index, 'not')
      : context.child(spec, 'of', index)
    if (condition.clock === 'hub' || condition.acceptsLate)
      context.addProblem(
        'absence, event, silence and the like cannot be part of another condition',
        'of',
        index,
      )
    return { condition, negated, asks }
  })
}

/** The phase of one part by itself, `not` apart. */
export function phaseOf({ condition }: Part, states: PartStates, index: number): Phase | undefined {
  const state = states?.[index]
  return state === undefined || state === null ? undefined : condition.phase(state)
}

/** Without a phase: cannot be told from what is known. Needs `scope.now`. */
export function isUnknown({ condition }: Part, state: unknown, scope: Scope): boolean {
  const known = state ?? undefined
  return condition.isUnknown ? condition.isUnknown(known, scope) : known === undefined
}

/** What is left of each when the device's clock was set back; undefined when nothing is. */
export function setBackParts(parts: readonly Part[], states: readonly unknown[]): PartStates {
  return settled(
    parts.map(({ condition }, index) => {
      const state = states[index] ?? undefined
      return (state === undefined ? undefined : condition.onClockRegression?.(state)) ?? null
    }),
  )
}

/** The very same when the message changes none. */
export function stepParts(parts: readonly Part[], states: PartStates, moment: Sample): PartStates {
  let next: unknown[] | undefined
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] as Part
    if (!isTold(part, moment)) continue
    const before = states?.[index] ?? undefined
    const after = part.condition.step(before, moment)
    if (after === before) continue
    next ??= states ? states.slice() : new Array<unknown>(parts.length).fill(null)
    next[index] = after ?? null
  }
  return next ? settled(next) : states
}

/** A message that tells nothing of what a part asks for is none for it, as it would be none for a rule of its own. */
function isTold({ condition, asks }: Part, { kind, scope, offline }: Sample): boolean {
  if (kind === 'event') return asks.events
  if (condition.needsRepeatedReadings || offline || asks.always) return true
  const slots = asks.slots.get(scope.type)
  if (!slots || slots.length === 0) return true
  for (let index = 0; index < slots.length; index += 1) {
    if (scope.reported[slots[index] as number] !== undefined) return true
  }
  return false
}

function settled(states: readonly unknown[]): PartStates {
  for (let index = 0; index < states.length; index += 1) if (states[index] !== null) return states
  return undefined
}

/**
 * The first of all parts in event time. It waits no longer than any of them has to: where one is due by the hub's clock,
 * what came before it is due too.
 */
export function dueOfParts(
  parts: readonly Part[],
  states: PartStates,
  { subject, fromReadings }: { readonly subject: Subject; readonly fromReadings?: boolean },
): Due | undefined {
  if (!states) return undefined
  let first: Due | undefined
  let hub = Number.POSITIVE_INFINITY
  for (let index = 0; index < parts.length; index += 1) {
    const due = (parts[index] as Part).condition.due(states[index] ?? undefined, subject, fromReadings)
    if (!due) continue
    if (due.hub < hub) hub = due.hub
    if (!first || due.at < first.at) first = due
  }
  return first && (first.hub === hub ? first : { ...first, hub })
}

/** Fires the part that `due` came from. */
export function fireParts(
  parts: readonly Part[],
  states: PartStates,
  { due, subject }: { readonly due: Due; readonly subject: Subject },
): PartStates {
  if (!states) return undefined
  for (const [index, { condition }] of parts.entries()) {
    const own = condition.due(states[index] ?? undefined, subject)
    if (own?.at !== due.at) continue
    return settled(states.with(index, condition.fire(states[index] ?? undefined, own, subject) ?? null))
  }
  return states
}
