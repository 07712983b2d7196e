/** A device that sends nonsense: at least `times` messages within `within` had fields whose value could not be right. */
import { z } from 'zod'
import { duration } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase } from '../condition.ts'

const schema = z.strictObject({
  times: z.int().min(1).max(1000),
  within: duration.refine((value) => value > 0, 'must be longer than nothing'),
})

interface State {
  /** Hub clock (ms) of the newest `times` such messages. */
  readonly at: readonly number[]
  readonly phase?: Phase
}

export const rejected = defineCondition({
  name: 'rejected',
  about: 'device',
  schema,
  build({ times, within }): ConditionBehavior<State> {
    return {
      clock: 'hub',
      needsRepeatedReadings: true,
      step(state, { link: line, receivedAt, muted }) {
        if (!line || line.rejected === 0 || muted) return state
        const recent = (state?.at ?? []).filter((time) => time > receivedAt - within)
        const at = [...recent, receivedAt].slice(-times)
        if (state?.phase) return { at, phase: state.phase }
        if (at.length < times) return { at }
        const detail = { count: times, fields: line.rejected }
        return { at, phase: { startedAt: at[0] as number, raisedAt: receivedAt, detail } }
      },
      due(state) {
        const last = state?.at.at(-1)
        return last === undefined ? undefined : { at: last + within, hub: last + within }
      },
      fire: () => undefined,
      phase: (state) => state?.phase,
      needsEveryMessage: () => false,
    }
  },
})
