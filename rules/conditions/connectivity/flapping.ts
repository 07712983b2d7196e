/** A device whose connection comes and goes: more than `times` changes between offline and online within `within`. */
import { z } from 'zod'
import { duration } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase } from '../condition.ts'

const schema = z.strictObject({
  times: z.int().min(1).max(1000),
  within: duration.refine((value) => value > 0, 'must be longer than nothing'),
})

interface State {
  readonly online: boolean
  /** Hub clock (ms) of the newest changes, one more than `times` at most. */
  readonly at: readonly number[]
  readonly phase?: Phase
}

export const flapping = defineCondition({
  name: 'flapping',
  about: 'device',
  schema,
  build({ times, within }): ConditionBehavior<State> {
    return {
      clock: 'hub',
      needsRepeatedReadings: true,
      step(state, { offline, receivedAt, muted }) {
        // Unless it is known to be off, a device is taken to have been there.
        const was = state?.online ?? true
        if (muted || was === !offline) return state
        const recent = (state?.at ?? []).filter((time) => time > receivedAt - within)
        const at = [...recent, receivedAt].slice(-times - 1)
        if (state?.phase) return { online: !offline, at, phase: state.phase }
        if (at.length <= times) return { online: !offline, at }
        const detail = { count: at.length }
        return { online: !offline, at, phase: { startedAt: at[0] as number, raisedAt: receivedAt, detail } }
      },
      due(state) {
        const last = state?.at.at(-1)
        return last === undefined ? undefined : { at: last + within, hub: last + within }
      },
      // It stayed as it is for the whole time: stable again. That it is off is remembered, coming back is a change.
      fire: (state) => (state && !state.online ? { online: false, at: [] } : undefined),
      phase: (state) => state?.phase,
      needsEveryMessage: (state) => state?.online === false,
    }
  },
})
