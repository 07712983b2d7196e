/** A device that sends implausible values: at least `times` messages within `within` had rejected fields. */
import { z } from 'zod'
import { duration } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase } from '../condition.ts'

const schema = z.strictObject({
  times: z.int().min(1).max(1000),
  within: duration.refine((value) => value > 0, 'must be greater than 0'),
})

interface State {
  /** Hub clock (ms) of the newest `times` such messages. */
  readonly occurrences: readonly number[]
  readonly phase?: Phase
}

export const rejectedValues = defineCondition({
  name: 'rejected',
  about: 'device',
  schema,
  formerStateKeys: { at: 'occurrences' },
  build({ times, within }): ConditionBehavior<State> {
    return {
      clock: 'hub',
      needsRepeatedReadings: true,
      step(state, { link, receivedAt, muted }) {
        if (!link || link.rejected === 0 || muted) return state
        const recent = (state?.occurrences ?? []).filter((time) => time > receivedAt - within)
        const occurrences = [...recent, receivedAt].slice(-times)
        if (state?.phase) return { occurrences, phase: state.phase }
        if (occurrences.length < times) return { occurrences }
        const detail = { count: times, fields: link.rejected }
        return { occurrences, phase: { startedAt: occurrences[0] as number, raisedAt: receivedAt, detail } }
      },
      due(state) {
        const last = state?.occurrences.at(-1)
        return last === undefined ? undefined : { at: last + within, hub: last + within }
      },
      fire: () => undefined,
      phase: (state) => state?.phase,
      needsEveryMessage: () => false,
    }
  },
})
