/** A device whose connection comes and goes: more than `times` changes between offline and online within `within`. */
import { z } from 'zod'
import { duration } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase } from '../condition.ts'

const schema = z.strictObject({
  times: z.int().min(1).max(1000),
  within: duration.refine((value) => value > 0, 'must be greater than 0'),
})

interface State {
  readonly online: boolean
  /** Hub clock (ms) of the newest changes, at most `times + 1`. */
  readonly changes: readonly number[]
  readonly phase?: Phase
}

export const flapping = defineCondition({
  name: 'flapping',
  about: 'device',
  schema,
  formerStateKeys: { at: 'changes' },
  build({ times, within }): ConditionBehavior<State> {
    return {
      clock: 'hub',
      needsRepeatedReadings: true,
      step(state, { offline, receivedAt, muted }) {
        // A device without state was online.
        const wasOnline = state?.online ?? true
        if (muted || wasOnline === !offline) return state
        const recent = (state?.changes ?? []).filter((time) => time > receivedAt - within)
        const changes = [...recent, receivedAt].slice(-times - 1)
        if (state?.phase) return { online: !offline, changes, phase: state.phase }
        if (changes.length <= times) return { online: !offline, changes }
        const detail = { count: changes.length }
        return {
          online: !offline,
          changes,
          phase: { startedAt: changes[0] as number, raisedAt: receivedAt, detail },
        }
      },
      due(state) {
        const last = state?.changes.at(-1)
        return last === undefined ? undefined : { at: last + within, hub: last + within }
      },
      // No change for the whole window: stable again. Offline is remembered, because coming back is a change.
      fire: (state) => (state && !state.online ? { online: false, changes: [] } : undefined),
      phase: (state) => state?.phase,
      needsEveryMessage: (state) => state?.online === false,
    }
  },
})
