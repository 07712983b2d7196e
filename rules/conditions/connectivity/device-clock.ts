/**
 * A device whose clock is wrong: so many messages in a row, over some time, whose own time cannot be right. What is
 * sent later (hours or days in one burst) is no wrong clock: that is behind by the same time for good.
 */
import { z } from 'zod'
import { duration } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase } from '../condition.ts'
import type { LinkFacts, WrongClock } from '../link-facts.ts'

const schema = z.strictObject({
  times: z.int().min(1).max(1000),
  for: duration,
  /** Right messages in a row with which it is over. */
  clear: z.int().min(1).max(1000).default(3),
})

interface State {
  readonly phase: Phase
  /** Right messages in a row. */
  readonly right: number
}

export const clock = defineCondition({
  name: 'clock',
  about: 'device',
  schema,
  build(options): ConditionBehavior<State> {
    return {
      clock: 'hub',
      needsRepeatedReadings: true,
      step(state, { link: line, receivedAt, muted }) {
        if (!line || line.clock === 'unknown') return state
        if (state) return goOn(state, line, options.clear)
        const wrong = line.wrongClock
        if (!wrong || muted || wrong.count < options.times) return undefined
        return receivedAt - wrong.since < options.for
          ? undefined
          : { phase: begin(wrong, receivedAt), right: 0 }
      },
      phase: (state) => state?.phase,
    }
  },
})

function goOn(state: State, { clock: is }: LinkFacts, clear: number): State | undefined {
  if (is === 'wrong') return state.right === 0 ? state : { ...state, right: 0 }
  return state.right + 1 >= clear ? undefined : { ...state, right: state.right + 1 }
}

function begin({ way, count, since, by }: WrongClock, raisedAt: number): Phase {
  const hours = Math.round(Math.abs(by) / 360_000) / 10
  const off = Math.round(Math.abs(by) / 60_000)
  return { startedAt: since, raisedAt, variant: way, detail: { count, off, hoursOff: hours } }
}
