/** A value that rises fast: by at least `by` over its lowest within the last `within`. */
import { z } from 'zod'
import { duration } from '../schema-parts.ts'
import { type Condition, defineCondition, type Phase } from './condition.ts'

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
  readonly phase?: Phase
}

/** Lows closer together than this part of the window are one, so that a fast device has a bounded window. */
const resolution = 100

export const rise = defineCondition({
  name: 'rise',
  about: 'device',
  schema,
  build(options, context): Condition<State> {
    const slots = context.numberField(options.field, 'field')
    return {
      clock: 'device',
      acceptsLate: false,
      everyReading: true,
      endsByPerson: false,
      applies: () => true,
      step(state, { ts, scope, muted }) {
        const value = scope.own[slots.get(scope.type) ?? -1]
        if (typeof value !== 'number') return state
        const lows = push(state?.lows ?? [], { ts, value, within: options.within })
        const lowest = lows[0] as Lows[number]
        const risen = value - lowest[1]
        const rises = risen >= options.by && risen <= options.atMost
        if (rises === (state?.phase !== undefined) || (rises && muted))
          return lows === state?.lows ? state : { lows, phase: state?.phase }
        if (!rises) return { lows }
        const detail = { from: lowest[1], to: value, minutes: Math.round((ts - lowest[0]) / 6000) / 10 }
        return { lows, phase: { startedAt: lowest[0], raisedAt: ts, detail } }
      },
      due: () => undefined,
      fire: (state) => state,
      phase: (state) => state?.phase,
    }
  },
})

/** The same list when the reading changes nothing. */
function push(lows: Lows, { ts, value, within }: { ts: number; value: number; within: number }): Lows {
  const first = lows[0]
  const newest = lows.at(-1)
  const isNear = newest !== undefined && newest[1] <= value && ts - newest[0] < within / resolution
  if (isNear && first !== undefined && first[0] >= ts - within) return lows
  const kept = lows.filter(([at, low]) => at >= ts - within && low < value)
  return isNear && kept.length > 0 ? kept : [...kept, [ts, value]]
}
