/**
 * Several conditions that must hold together: it begins with the last of them, and ends when one ends (with `clear`, when
 * that is true besides). A part `not: …` holds while the condition inside is known not to hold.
 */
import { z } from 'zod'
import type { Evaluate, Scope } from '../../expression/scope.ts'
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

const schema = z.strictObject({ of: partsSchema, clear: expressionText.optional() })

interface State {
  readonly parts: readonly unknown[]
  readonly phase?: Phase
  /** As of the newest message: nothing may begin, not at a timer either. */
  readonly muted?: true
}

export const all = defineCondition({
  name: 'all',
  about: 'device',
  schema,
  build(options, context): ConditionBehavior<State> {
    const parts = buildParts(options.of, context)
    if (parts.every(({ negated }) => negated)) context.addProblem('all needs a part that is no not', 'of')
    const clear = options.clear === undefined ? undefined : context.expression(options.clear, 'clear')
    return createAll(parts, { clear, hold: context.offlineAfter })
  },
})

interface Options {
  readonly clear: Evaluate<boolean> | undefined
  readonly hold: number
}

/** What is looked at: a message, or a timer. Times are event times, ms. */
interface Now {
  readonly at: number
  readonly muted: boolean
  readonly scope: Scope
  /** What `clear` says; undefined at a timer, when nothing was read. */
  readonly cleared: boolean | undefined
}

function createAll(parts: readonly Part[], { clear, hold }: Options): ConditionBehavior<State> {
  const next = (state: State | undefined, states: PartStates, now: Now): State | undefined => {
    const holds = allHold(parts, states)
    const stays = holds || (clear !== undefined && now.cleared !== true)
    const phase = state?.phase
      ? stays
        ? state.phase
        : undefined
      : begin(parts, { holds, state, states, now })
    if (!states && !phase) return undefined
    if (state && states === state.parts && phase === state.phase && now.muted === (state.muted ?? false))
      return state
    return { parts: states ?? parts.map(() => null), phase, ...(now.muted && { muted: true }) }
  }

  return {
    needsRepeatedReadings: parts.some(({ condition }) => condition.needsRepeatedReadings),
    step(state, moment) {
      const { ts: at, muted, scope } = moment
      const states = stepParts(parts, state?.parts, moment)
      if (!states && !state) return undefined
      scope.minTime = at - hold
      const cleared = state?.phase && clear?.(scope)
      return next(state, states, { at, muted, scope, cleared })
    },
    due: (state, subject, fromReadings) => dueOfParts(parts, state?.parts, { subject, fromReadings }),
    fire(state, due, subject) {
      const states = fireParts(parts, state?.parts, { due, subject })
      if (states === state?.parts) return state
      const scope = subject.scope(0, due.at)
      return next(state, states, { at: due.at, muted: state?.muted ?? false, scope, cleared: undefined })
    },
    phase: (state) => state?.phase,
    onClockRegression({ parts: states }) {
      const left = setBackParts(parts, states)
      return left && { parts: left }
    },
    isUnknown: (state, scope) =>
      parts.every((part, index) => {
        const active = phaseOf(part, state?.parts, index)
        return active ? !part.negated : part.negated || isUnknown(part, state?.parts[index], scope)
      }),
  }
}

/** Whether each part has (or, negated, has not) a phase; that of a negated one may still be unknown. */
function allHold(parts: readonly Part[], states: PartStates): boolean {
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] as Part
    if ((phaseOf(part, states, index) !== undefined) === part.negated) return false
  }
  return true
}

interface Beginning {
  readonly holds: boolean
  readonly state: State | undefined
  readonly states: PartStates
  readonly now: Now
}

function begin(parts: readonly Part[], { holds, state, states, now }: Beginning): Phase | undefined {
  if (!holds || now.muted) return undefined
  const isOpen = parts.some((part, index) => part.negated && isUnknown(part, states?.[index], now.scope))
  if (isOpen) return undefined
  const phases: Phase[] = []
  let fresh = false
  for (const [index, part] of parts.entries()) {
    const phase = part.negated ? undefined : phaseOf(part, states, index)
    if (!phase) continue
    phases.push(phase)
    if (phaseOf(part, state?.parts, index)?.raisedAt !== phase.raisedAt) fresh = true
  }
  const { variant, device } = phases[0] as Phase
  const detail = Object.assign({}, ...phases.map((phase) => phase.detail)) as Phase['detail']
  // When the last to come true was a `not` (or the end of `mute`), it is so since now.
  const startedAt = fresh ? Math.max(...phases.map((phase) => phase.startedAt)) : now.at
  const raisedAt = fresh ? Math.max(...phases.map((phase) => phase.raisedAt)) : now.at
  return { startedAt, raisedAt, detail, variant, device }
}
