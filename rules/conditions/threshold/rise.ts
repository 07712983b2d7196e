/**
 * A value that rises fast: by at least `by` above its minimum within the last `within`. A drop by as much counts as a
 * minimum only when the next reading confirms it: the return from a wild value is no rise.
 */
import { z } from 'zod'
import { duration } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase } from '../condition.ts'

const schema = z.strictObject({
  field: z.string().min(1),
  by: z.number().positive(),
  /** A larger difference is no rise, but a replaced counter or a wild value. */
  atMost: z.number().positive().default(Number.MAX_VALUE),
  within: duration.refine((value) => value > 0, 'must be greater than 0'),
})

/** Readings that may become the minimum of a window; times and values both increase. */
type Lows = readonly (readonly [ts: number, value: number])[]

interface State {
  readonly lows: Lows
  /** The newest reading, when it fell so far that it may be a wild value. */
  readonly dip?: Lows[number]
  readonly phase?: Phase
}

/** Minima closer together than `within / resolution` are merged, so that the list is bounded for fast devices. */
const resolution = 100

export const rise = defineCondition({
  name: 'rise',
  about: 'device',
  schema,
  build(options, context): ConditionBehavior<State> {
    const slots = context.numberField(options.field, 'field')
    return {
      needsRepeatedReadings: true,
      step(state, { ts, scope, muted }) {
        const value = scope.reported[slots.get(scope.type) ?? -1]
        if (typeof value !== 'number') return state
        if (state && isDip(state, options, { ts, value })) return { ...state, dip: [ts, value] }
        const lows = addLow(confirmedLows(state, options, value), { ts, value, within: options.within })
        const lowest = lows[0] as Lows[number]
        const risen = value - lowest[1]
        const rises = risen >= options.by && risen <= options.atMost
        if (rises === (state?.phase !== undefined) || (rises && muted))
          return lows === state?.lows && !state?.dip ? state : { lows, phase: state?.phase }
        if (!rises) return { lows }
        const detail = { from: lowest[1], to: value, minutes: Math.round((ts - lowest[0]) / 6000) / 10 }
        return { lows, phase: { startedAt: lowest[0], raisedAt: ts, detail } }
      },
      phase: (state) => state?.phase,
    }
  },
})

interface Point {
  readonly ts: number
  readonly value: number
}

/** The first reading of a fall by `by` or more. */
function isDip({ lows, dip }: State, { by, within }: z.output<typeof schema>, { ts, value }: Point): boolean {
  const newest = lows.at(-1)
  return !dip && newest !== undefined && newest[1] - value >= by && ts - newest[0] <= within
}

/** The minima so far, including the dip before this value unless the value takes most of it back. */
function confirmedLows(state: State | undefined, { within }: z.output<typeof schema>, value: number): Lows {
  const { lows = [], dip } = state ?? {}
  if (!dip) return lows
  const fell = (lows.at(-1)?.[1] ?? dip[1]) - dip[1]
  return value - dip[1] >= fell / 2 ? lows : addLow(lows, { ts: dip[0], value: dip[1], within })
}

/** Returns the same list when the reading changes nothing. */
function addLow(lows: Lows, { ts, value, within }: Point & { readonly within: number }): Lows {
  const first = lows[0]
  const newest = lows.at(-1)
  const isNear = newest !== undefined && newest[1] <= value && ts - newest[0] < within / resolution
  if (isNear && first !== undefined && first[0] >= ts - within) return lows
  const kept = lows.filter(([at, low]) => at >= ts - within && low < value)
  return isNear && kept.length > 0 ? kept : kept.concat([[ts, value]])
}
