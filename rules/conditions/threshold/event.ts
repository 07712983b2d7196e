/** A discrete fact, such as a pressed SOS button: an episode at once, and one episode for repeats in a short time. */
import { z } from 'zod'
import { duration, expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase } from '../condition.ts'

const schema = z.strictObject({
  when: expressionText,
  /** The same fact again within this after the last one belongs to the same episode. */
  repeat: duration.default(600_000),
  /** Stays active until a person says that it is over; the device cannot know. */
  untilCleared: z.boolean().default(false),
})

interface State {
  readonly phase: Phase
  readonly last: number
  readonly hub: number
}

export const event = defineCondition({
  name: 'event',
  about: 'device',
  schema,
  build(options, context): ConditionBehavior<State> {
    const when = context.expression(options.when, 'when')
    return {
      // A call for help that was held up for an hour must still be heard.
      acceptsLate: true,
      clearedByPerson: options.untilCleared,
      step(state, { ts, receivedAt, kind, scope, muted }) {
        if (kind !== 'event' || muted || when(scope) !== true) return state
        if (!state || ts > state.last + options.repeat)
          return { phase: { startedAt: ts, raisedAt: ts }, last: ts, hub: receivedAt }
        return ts > state.last ? { ...state, last: ts, hub: receivedAt } : state
      },
      due: (state) => state && { at: state.last + options.repeat, hub: state.hub + options.repeat },
      fire: () => undefined,
      phase: (state) => state?.phase,
    }
  },
})
