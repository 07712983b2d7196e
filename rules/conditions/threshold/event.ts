/** A discrete event, such as a pressed SOS button: raises at once; repeats within a short time join the episode. */
import { z } from 'zod'
import { duration, expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase } from '../condition.ts'

const schema = z.strictObject({
  when: expressionText,
  /** An event this soon after the previous one belongs to the same episode. */
  repeat: duration.default(600_000),
  /** Stays active until a person clears it; the device cannot know when it is over. */
  untilCleared: z.boolean().default(false),
})

interface State {
  readonly phase: Phase
  readonly lastAt: number
  readonly lastReceivedAt: number
}

export const event = defineCondition({
  name: 'event',
  about: 'device',
  schema,
  formerStateKeys: { last: 'lastAt', hub: 'lastReceivedAt' },
  build(options, context): ConditionBehavior<State> {
    const when = context.expression(options.when, 'when')
    return {
      // A call for help must raise an alert even if it was delayed for an hour.
      acceptsLate: true,
      clearedByPerson: options.untilCleared,
      step(state, { ts, receivedAt, kind, scope, muted }) {
        if (kind !== 'event' || muted || when(scope) !== true) return state
        if (!state || ts > state.lastAt + options.repeat)
          return { phase: { startedAt: ts, raisedAt: ts }, lastAt: ts, lastReceivedAt: receivedAt }
        return ts > state.lastAt ? { ...state, lastAt: ts, lastReceivedAt: receivedAt } : state
      },
      due: (state) =>
        state && { at: state.lastAt + options.repeat, hub: state.lastReceivedAt + options.repeat },
      fire: () => undefined,
      phase: (state) => state?.phase,
    }
  },
})
