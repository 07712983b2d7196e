/** A device whose messages get lost: of those numbered within a day more than `share` never came. */
import { z } from 'zod'
import { type ConditionBehavior, defineCondition, type Phase, type Sample } from '../condition.ts'
import type { Counted } from '../link-facts.ts'

const schema = z.strictObject({
  share: z.number().gt(0).lt(1),
  /** Fewer lost ones than this are chance, whatever their share. */
  least: z.int().min(1).max(100_000),
})

interface State {
  readonly phase: Phase
}

export const lost = defineCondition({
  name: 'lost',
  about: 'device',
  schema,
  build({ share, least }): ConditionBehavior<State> {
    return {
      clock: 'hub',
      needsRepeatedReadings: true,
      step(state, { link: line, receivedAt, muted }: Sample) {
        const day = line?.counted
        if (!day) return state
        const isMany = day.lost >= least && day.lost > share * day.expected
        if (!isMany) return undefined
        return state ?? (muted ? undefined : { phase: begin(day, receivedAt) })
      },
      phase: (state) => state?.phase,
      needsEveryMessage: () => false,
    }
  },
})

function begin({ since, expected, lost: missing }: Counted, raisedAt: number): Phase {
  const percent = Math.round((missing / expected) * 1000) / 10
  return { startedAt: since, raisedAt, detail: { lost: missing, expected, percent } }
}
