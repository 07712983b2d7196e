/**
 * A value that rises fast: by at least `by` over its lowest within the last `within`. One reading that falls by as much
 * counts as low once the next one confirms it: the way back from a wild value is no rise.
 */
import { z } from 'zod'
import { duration } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase } from '../condition.ts'

const schema = z.strictObject({
  field: z.string().min(1),
  by: z.number().positive(),
  /** More than this is no rise, but another counter or one wild value. */
  atMost: z.number().positive().default(Number.MAX_VALUE),
  within: duration.refine((value) => value > 0, 'must be longer than nothing'),
})

/** Readings that may still be the lowest of a window: times grow, values grow. */
type Lows = readonly (readonly [ts: number, value: number])[]

interface State {
  readonly lows: Lows
  /** The newest reading, when it fell so far that it may be a wild one. */
  readonly dip?: Lows[number]
  readonly phase?: Phase
}

/** Lows closer together than this part of the window are one, so that a fast device has a bounded window. */
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
        const lows = push(believed(state, options, value), { ts, value, within: options.within })
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

interface Told {
  readonly ts: number
  readonly value: number
}

/** The first reading of a fall by `by` or more. */
function isDip({ lows, dip }: State, { by, within }: z.output<typeof schema>, { ts, value }: Told): boolean {
  const newest = lows.at(-1)
  return !dip && newest !== undefined && newest[1] - value >= by && ts - newest[0] <= within
}

/** The lows so far, with the dip before this value unless that takes most of it back. */
function believed(state: State | undefined, { within }: z.output<typeof schema>, value: number): Lows {
  const { lows = [], dip } = state ?? {}
  if (!dip) return lows
  const fell = (lows.at(-1)?.[1] ?? dip[1]) - dip[1]
  return value - dip[1] >= fell / 2 ? lows : push(lows, { ts: dip[0], value: dip[1], within })
}

/** The same list when the reading changes nothing. */
function push(lows: Lows, { ts, value, within }: Told & { readonly within: number }): Lows {
  const first = lows[0]
  const newest = lows.at(-1)
  const isNear = newest !== undefined && newest[1] <= value && ts - newest[0] < within / resolution
  if (isNear && first !== undefined && first[0] >= ts - within) return lows
  const kept = lows.filter(([at, low]) => at >= ts - within && low < value)
  return isNear && kept.length > 0 ? kept : kept.concat([[ts, value]])
}
