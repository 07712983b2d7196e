/** Several conditions of which one is enough; with `clear`, it ends only when that is true and none holds any more. */
import { z } from 'zod'
import type { Evaluate } from '../expression/scope.ts'
import { expressionText } from '../schema-parts.ts'
import { type Condition, type Due, defineCondition, type Phase, type Subject } from './condition.ts'

const schema = z.strictObject({
  of: z.array(z.unknown()).min(1).max(8),
  clear: expressionText.optional(),
})

interface State {
  /** One a part; `null` = nothing remembered. */
  readonly parts: readonly unknown[]
  readonly phase?: Phase
}

export const any = defineCondition({
  name: 'any',
  about: 'device',
  schema,
  build(options, context): Condition<State> {
    const parts = options.of.map((spec, index) => context.child(spec, 'of', index))
    parts.forEach((part, index) => {
      if (part.clock === 'hub' || part.acceptsLate)
        context.fault('only predicate, rise and count can be combined', 'of', index)
    })
    const clear = options.clear === undefined ? undefined : context.expression(options.clear, 'clear')
    return createAny(parts, { clear, hold: context.offlineLimit })
  },
})

interface Options {
  readonly clear: Evaluate<boolean> | undefined
  readonly hold: number
}

const partOf = (state: State | undefined, index: number): unknown => state?.parts[index] ?? undefined

function createAny(parts: readonly Condition[], { clear, hold }: Options): Condition<State> {
  /** `cleared`: what `clear` says now; undefined at a timer, when nothing was read. */
  const next = (state: State | undefined, states: readonly unknown[], cleared: boolean | undefined) => {
    const active = firstPhase(parts, states)
    const stays = clear !== undefined && cleared !== true ? state?.phase : undefined
    const phase = active ? (state?.phase ?? active) : stays
    if (!phase && states.every((part) => part === null)) return undefined
    const same = state && phase === state.phase && states.every((part, index) => part === state.parts[index])
    return same ? state : { parts: states, phase }
  }

  return {
    clock: 'device',
    acceptsLate: false,
    everyReading: parts.some((part) => part.everyReading),
    endsByPerson: false,
    applies: () => true,
    step(state, moment) {
      const states = parts.map((part, index) => part.step(partOf(state, index), moment) ?? null)
      moment.scope.oldest = moment.ts - hold
      return next(state, states, clear?.(moment.scope))
    },
    due: (state, subject) => earliest(parts, state, subject)?.due,
    fire(state, _due, subject) {
      const found = earliest(parts, state, subject)
      if (!state || !found) return state
      const states = parts.map((part, index) =>
        index === found.index
          ? (part.fire(partOf(state, index), found.due, subject) ?? null)
          : state.parts[index],
      )
      return next(state, states, undefined)
    },
    phase: (state) => state?.phase,
  }
}

function firstPhase(parts: readonly Condition[], states: readonly unknown[]): Phase | undefined {
  let first: Phase | undefined
  for (const [index, part] of parts.entries()) {
    const phase = part.phase(states[index] ?? undefined)
    if (phase && (!first || phase.raisedAt < first.raisedAt)) first = phase
  }
  return first
}

function earliest(parts: readonly Condition[], state: State | undefined, subject: Subject) {
  let found: { index: number; due: Due } | undefined
  for (const [index, part] of parts.entries()) {
    const due = part.due(partOf(state, index), subject)
    if (due && (!found || due.hub < found.due.hub)) found = { index, due }
  }
  return found
}
