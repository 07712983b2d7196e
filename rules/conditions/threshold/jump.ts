/**
 * A value that changes between two readings by more than it can in the time between them.
 *
 * The next reading classifies the jump: back again is an echo (a bag on the sensor, a disturbed cable), staying there is a
 * step. The return of an echo is not a jump of its own, and neither is a change over a silence longer than `within`. Ends
 * when fewer than `times` jumps remain within `per`.
 */
import { z } from 'zod'
import { previousValueTime, valueTime } from '../../expression/scope.ts'
import { duration } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase, type Sample } from '../condition.ts'
import { roundForDisplay } from '../learned/baseline.ts'

const positive = duration.refine((value) => value > 0, 'must be greater than 0')

const schema = z.strictObject({
  field: z.string().min(1),
  by: z.number().positive(),
  within: positive,
  direction: z.enum(['up', 'down', 'both']).default('both'),
  /** `echo` and `step` are classified, and counted, with the next reading. */
  kind: z.enum(['any', 'echo', 'step']).default('any'),
  times: z.int().min(1).max(100).default(1),
  per: positive.default(3_600_000),
})

interface Options extends z.output<typeof schema> {
  readonly slots: ReadonlyMap<string, number>
  /** How long (ms) a value counts as known. */
  readonly maxAge: number
}

/** A jump that the next reading will classify. */
interface Pending {
  readonly from: number
  readonly to: number
  readonly at: number
}

interface State {
  readonly pending?: Pending
  /** Event times of the jumps that count, the newest `times` of them. */
  readonly at: readonly number[]
  /** Hub clock minus device clock at the newest of them, ms. */
  readonly hubOffset: number
  readonly phase?: Phase
}

const initialState: State = { at: [], hubOffset: 0 }

export const jump = defineCondition({
  name: 'jump',
  about: 'device',
  schema,
  formerStateKeys: { offset: 'hubOffset' },
  build(spec, context): ConditionBehavior<State> {
    return createJump({
      ...spec,
      slots: context.numberField(spec.field, 'field'),
      maxAge: context.offlineAfter,
    })
  },
})

function createJump(options: Options): ConditionBehavior<State> {
  return {
    step(state, sample) {
      const { scope, ts } = sample
      const slot = options.slots.get(scope.type) ?? -1
      const value = scope.reported[slot]
      if (typeof value !== 'number') return state
      const before = scope.previous[slot]
      if (typeof before !== 'number') return state
      // Fast path: allocates nothing for an ordinary reading.
      if (!state?.pending && Math.abs(value - before) < options.by) return state
      const change = { sample, value, before, passed: ts - previousValueTime(scope, slot) }
      if (state?.pending) return resolvePending(options, state, change)
      return isJump(options, change) ? beginJump(options, state ?? initialState, change) : state
    },
    due(state) {
      if (!state || state.at.length === 0) return undefined
      const at = ((state.phase ? state.at[0] : state.at.at(-1)) as number) + options.per
      return { at, hub: at + state.hubOffset }
    },
    fire(state, { at }) {
      if (!state) return undefined
      const remaining = state.at.filter((time) => time > at - options.per)
      return remaining.length === 0 && !state.pending
        ? undefined
        : { ...state, at: remaining, phase: undefined }
    },
    phase: (state) => state?.phase,
    // A value without jumps has no state, yet it is known.
    isUnknown: (_, scope) =>
      valueTime(scope, options.slots.get(scope.type) ?? -1) < scope.now - options.maxAge,
  }
}

interface Change {
  readonly sample: Sample
  readonly value: number
  readonly before: number
  /** Time since the previous reading, ms. */
  readonly passed: number
}

function isJump({ by, within, direction }: Options, { value, before, passed }: Change): boolean {
  const rise = value - before
  const size = direction === 'both' ? Math.abs(rise) : direction === 'up' ? rise : -rise
  return size >= by && passed <= within
}

function beginJump(options: Options, state: State, { sample, value, before }: Change): State {
  const pending = { from: before, to: value, at: sample.ts }
  const known = { ...state, pending }
  return options.kind === 'any' ? countJump(options, known, { sample, pending }) : known
}

/** The reading after a jump. Unless it returns, it may be the next jump. */
function resolvePending(options: Options, { pending, ...settled }: State, change: Change): State | undefined {
  const { sample, value } = change
  const { from, to } = pending as Pending
  const isBack = Math.abs(value - from) < Math.abs(value - to)
  const counts = options.kind === (isBack ? 'echo' : 'step')
  const known = counts ? countJump(options, settled, { sample, pending: pending as Pending }) : settled
  if (!isBack && isJump(options, change)) return beginJump(options, known, change)
  return known.at.length === 0 ? undefined : known
}

function countJump(
  { times, per }: Options,
  state: State,
  { sample, pending: { from, to } }: { sample: Sample; pending: Pending },
): State {
  const { ts, receivedAt, muted } = sample
  if (muted) return state
  const at = [...state.at.filter((time) => time > ts - per), ts].slice(-times)
  const detail = { from: roundForDisplay(from), to: roundForDisplay(to), count: times }
  const raised = at.length >= times ? { startedAt: at[0] as number, raisedAt: ts, detail } : undefined
  return { ...state, at, hubOffset: receivedAt - ts, phase: state.phase ?? raised }
}
