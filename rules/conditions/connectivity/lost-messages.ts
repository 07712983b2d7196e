/** A device whose messages get lost: more than `share` of the messages numbered within a day never arrived. */
import { z } from 'zod'
import { type ConditionBehavior, defineCondition, type Phase, type Sample } from '../condition.ts'
import type { MessageCount } from '../link-facts.ts'

const schema = z.strictObject({
  share: z.number().gt(0).lt(1),
  /** Minimum number of lost messages, whatever their share. */
  least: z.int().min(1).max(100_000),
})

interface State {
  readonly phase: Phase
}

export const lostMessages = defineCondition({
  name: 'lost',
  about: 'device',
  schema,
  build({ share, least }): ConditionBehavior<State> {
    return {
      clock: 'hub',
      needsRepeatedReadings: true,
      step(state, { link, receivedAt, muted }: Sample) {
        const day = link?.counted
        if (!day) return state
        const isMany = day.lost >= least && day.lost > share * day.expected
        if (!isMany) return undefined
        return state ?? (muted ? undefined : { phase: raise(day, receivedAt) })
      },
      phase: (state) => state?.phase,
      needsEveryMessage: () => false,
    }
  },
})

function raise({ since, expected, lost: missing }: MessageCount, raisedAt: number): Phase {
  const percent = Math.round((missing / expected) * 1000) / 10
  return { startedAt: since, raisedAt, detail: { lost: missing, expected, percent } }
}
