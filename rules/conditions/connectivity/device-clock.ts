/**
 * A device whose clock is wrong: several messages in a row, over some time, with a timestamp that cannot be right. Messages
 * that arrive late (hours or days in one burst) are not a wrong clock: that is constantly off by the same time.
 */
import { z } from 'zod'
import { duration } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase } from '../condition.ts'
import type { LinkFacts, WrongClock } from '../link-facts.ts'

const schema = z.strictObject({
  times: z.int().min(1).max(1000),
  for: duration,
  /** Ends after this many correct messages in a row. */
  clear: z.int().min(1).max(1000).default(3),
})

interface State {
  readonly phase: Phase
  /** Correct messages in a row. */
  readonly correctCount: number
}

export const deviceClock = defineCondition({
  name: 'clock',
  about: 'device',
  schema,
  formerStateKeys: { right: 'correctCount' },
  build(options): ConditionBehavior<State> {
    return {
      clock: 'hub',
      needsRepeatedReadings: true,
      step(state, { link, receivedAt, muted }) {
        if (!link || link.clock === 'unknown') return state
        if (state) return stepActive(state, link, options.clear)
        const wrong = link.wrongClock
        if (!wrong || muted || wrong.count < options.times) return undefined
        return receivedAt - wrong.since < options.for
          ? undefined
          : { phase: raise(wrong, receivedAt), correctCount: 0 }
      },
      phase: (state) => state?.phase,
    }
  },
})

function stepActive(state: State, { clock }: LinkFacts, clear: number): State | undefined {
  if (clock === 'wrong') return state.correctCount === 0 ? state : { ...state, correctCount: 0 }
  return state.correctCount + 1 >= clear ? undefined : { ...state, correctCount: state.correctCount + 1 }
}

function raise({ way, count, since, by }: WrongClock, raisedAt: number): Phase {
  const hours = Math.round(Math.abs(by) / 360_000) / 10
  const off = Math.round(Math.abs(by) / 60_000)
  return { startedAt: since, raisedAt, variant: way, detail: { count, off, hoursOff: hours } }
}
