/**
 * A value that jumps farther between two readings than it can in the time between them.
 *
 * The reading after it tells what it was: back again is an echo (a bag on the sensor, a disturbed line), staying there a
 * step. The way back of an echo is no jump of its own. Jumps over a silence longer than `within` are none. It is over
 * when there are no longer `times` of them within `per`.
 */
import { z } from 'zod'
import { previousValueTime, valueTime } from '../../expression/scope.ts'
import { duration } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase, type Sample } from '../condition.ts'
import { roundForDisplay } from '../learned/baseline.ts'

const positive = duration.refine((value) => value > 0, 'must be longer than nothing')

const schema = z.strictObject({
  field: z.string().min(1),
  by: z.number().positive(),
  within: positive,
  direction: z.enum(['up', 'down', 'both']).default('both'),
  /** `echo` and `step` are known, and counted, with the next reading only. */
  kind: z.enum(['any', 'echo', 'step']).default('any'),
  times: z.int().min(1).max(100).default(1),
  per: positive.default(3_600_000),
})

interface Options extends z.output<typeof schema> {
  readonly slots: ReadonlyMap<string, number>
  /** How long (ms) a value is believed. */
  readonly hold: number
}

/** A jump of which the next reading will tell what it was. */
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
  readonly offset: number
  readonly phase?: Phase
}

/** Before the first jump. */
const calm: State = { at: [], offset: 0 }

export const jump = defineCondition({
  name: 'jump',
  about: 'device',
  schema,
  build(spec, context): ConditionBehavior<State> {
    return createJump({
      ...spec,
      slots: context.numberField(spec.field, 'field'),
      hold: context.offlineAfter,
    })
  },
})

function createJump(options: Options): ConditionBehavior<State> {
  return {
    step(state, moment) {
      const { scope, ts } = moment
      const slot = options.slots.get(scope.type) ?? -1
      const value = scope.reported[slot]
      if (typeof value !== 'number') return state
      const before = scope.previous[slot]
      if (typeof before !== 'number') return state
      // The usual reading makes nothing.
      if (!state?.pending && Math.abs(value - before) < options.by) return state
      const told = { moment, value, before, passed: ts - previousValueTime(scope, slot) }
      if (state?.pending) return resolve(options, state, told)
      return isJump(options, told) ? begin(options, state ?? calm, told) : state
    },
    due(state) {
      if (!state || state.at.length === 0) return undefined
      const at = ((state.phase ? state.at[0] : state.at.at(-1)) as number) + options.per
      return { at, hub: at + state.offset }
    },
    fire(state, { at }) {
      if (!state) return undefined
      const left = state.at.filter((time) => time > at - options.per)
      return left.length === 0 && !state.pending ? undefined : { ...state, at: left, phase: undefined }
    },
    phase: (state) => state?.phase,
    // Nothing is remembered of a value that moves as it can.
    isUnknown: (_, scope) => valueTime(scope, options.slots.get(scope.type) ?? -1) < scope.now - options.hold,
  }
}

interface Told {
  readonly moment: Sample
  readonly value: number
  readonly before: number
  /** Since the reading before, ms. */
  readonly passed: number
}

function isJump({ by, within, direction }: Options, { value, before, passed }: Told): boolean {
  const up = value - before
  const wide = direction === 'both' ? Math.abs(up) : direction === 'up' ? up : -up
  return wide >= by && passed <= within
}

function begin(options: Options, state: State, { moment, value, before }: Told): State {
  const pending = { from: before, to: value, at: moment.ts }
  const known = { ...state, pending }
  return options.kind === 'any' ? counted(options, known, { moment, pending }) : known
}

/** The reading after a jump. When it is no way back it may be the next jump. */
function resolve(options: Options, { pending, ...settled }: State, told: Told): State | undefined {
  const { moment, value } = told
  const { from, to } = pending as Pending
  const isBack = Math.abs(value - from) < Math.abs(value - to)
  const counts = options.kind === (isBack ? 'echo' : 'step')
  const known = counts ? counted(options, settled, { moment, pending: pending as Pending }) : settled
  if (!isBack && isJump(options, told)) return begin(options, known, told)
  return known.at.length === 0 ? undefined : known
}

function counted(
  { times, per }: Options,
  state: State,
  { moment, pending: { from, to } }: { moment: Sample; pending: Pending },
): State {
  const { ts, receivedAt, muted } = moment
  if (muted) return state
  const at = [...state.at.filter((time) => time > ts - per), ts].slice(-times)
  const detail = { from: roundForDisplay(from), to: roundForDisplay(to), count: times }
  const raised = at.length >= times ? { startedAt: at[0] as number, raisedAt: ts, detail } : undefined
  return { ...state, at, offset: receivedAt - ts, phase: state.phase ?? raised }
}
