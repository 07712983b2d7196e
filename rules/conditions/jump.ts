/**
 * A value that jumps farther between two readings than it can in the time between them.
 *
 * The reading after it tells what it was: back again is an echo (a bag on the sensor, a disturbed line), staying there a
 * step. The way back of an echo is no jump of its own. Jumps over a silence longer than `within` are none. It is over
 * when there are no longer `times` of them within `per`.
 */
import { z } from 'zod'
import { duration } from '../schema-parts.ts'
import { readable } from './baseline.ts'
import { type Condition, defineCondition, type Moment, type Phase } from './condition.ts'

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
}

/** A jump of which the next reading will tell what it was. */
interface Pending {
  readonly from: number
  readonly to: number
  readonly at: number
}

interface State {
  /** A reading that told the field, up to a `parts`th of `within` older than the newest one. */
  readonly last: number
  readonly pending?: Pending
  /** Event times of the jumps that count, the newest `times` of them. */
  readonly at: readonly number[]
  /** Hub clock minus device clock at the newest of them, ms. */
  readonly offset: number
  readonly phase?: Phase
}

/** The newest reading is noted so many times within `within`, so that a fast device changes no state with each. */
const parts = 8
const none: readonly number[] = []

export const jump = defineCondition({
  name: 'jump',
  about: 'device',
  schema,
  build(spec, context): Condition<State> {
    return createJump({ ...spec, slots: context.numberField(spec.field, 'field') })
  },
})

function createJump(options: Options): Condition<State> {
  return {
    clock: 'device',
    acceptsLate: false,
    everyReading: false,
    endsByPerson: false,
    applies: () => true,
    step(state, moment) {
      const { scope, ts } = moment
      const slot = options.slots.get(scope.type) ?? -1
      const value = scope.own[slot]
      if (typeof value !== 'number') return state
      const before = scope.before[slot]
      if (!state || typeof before !== 'number') return state ?? { last: ts, at: none, offset: 0 }
      if (state.pending) return resolve(options, state, { moment, value, before })
      if (isJump(options, state, { moment, value, before }))
        return begin(options, state, { moment, value, before })
      return noted(options, state, ts)
    },
    due(state) {
      if (!state || state.at.length === 0) return undefined
      const at = ((state.phase ? state.at[0] : state.at.at(-1)) as number) + options.per
      return { at, hub: at + state.offset }
    },
    fire(state, { at }) {
      if (!state) return undefined
      const left = state.at.filter((time) => time > at - options.per)
      return { ...state, at: left, phase: undefined }
    },
    phase: (state) => state?.phase,
  }
}

interface Told {
  readonly moment: Moment
  readonly value: number
  readonly before: number
}

function noted({ within }: Options, state: State, ts: number): State {
  const passed = ts - state.last
  return passed < 0 || passed >= within / parts ? { ...state, last: ts } : state
}

function isJump({ by, within, direction }: Options, state: State, { moment, value, before }: Told): boolean {
  const passed = moment.ts - state.last
  const wide =
    direction === 'both' ? Math.abs(value - before) : direction === 'up' ? value - before : before - value
  return wide >= by && passed >= 0 && passed <= within
}

function begin(options: Options, state: State, { moment, value, before }: Told): State {
  const pending = { from: before, to: value, at: moment.ts }
  const known = { ...state, last: moment.ts, pending }
  return options.kind === 'any' ? counted(options, known, { moment, pending }) : known
}

/** The reading after a jump. When it is no way back it may be the next jump. */
function resolve(options: Options, { pending, ...state }: State, told: Told): State {
  const { moment, value } = told
  const { from, to } = pending as Pending
  const isBack = Math.abs(value - from) < Math.abs(value - to)
  const settled: State = { ...state, last: moment.ts }
  const counts = options.kind === (isBack ? 'echo' : 'step')
  const known = counts ? counted(options, settled, { moment, pending: pending as Pending }) : settled
  return !isBack && isJump(options, state, told) ? begin(options, known, told) : known
}

function counted(
  { times, per }: Options,
  state: State,
  { moment, pending: { from, to } }: { moment: Moment; pending: Pending },
): State {
  const { ts, receivedAt, muted } = moment
  if (muted) return state
  const at = [...state.at.filter((time) => time > ts - per), ts].slice(-times)
  const detail = { from: readable(from), to: readable(to), count: times }
  const raised = at.length >= times ? { startedAt: at[0] as number, raisedAt: ts, detail } : undefined
  return { ...state, at, offset: receivedAt - ts, phase: state.phase ?? raised }
}
