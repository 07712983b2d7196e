/**
 * A device that is not heard: no message for the limit of its kind of power, or its Last Will says offline.
 *
 * The only condition in the hub's time: what counts is when the hub heard anything, whatever the device's clock says.
 * Driven by the registry, so a device that never spoke is missed from when the hub first knew of it.
 */
import { z } from 'zod'
import { deviceTypes } from '../../../model/devices/table.ts'
import { duration } from '../../schema/fields.ts'
import {
  type ConditionBehavior,
  defineCondition,
  type MemberFacts,
  type Phase,
  type Subject,
} from '../condition.ts'

const schema = z.strictObject({
  mains: duration,
  battery: duration,
  /** How long to wait after the hub itself was deaf, so that devices can come back first. */
  grace: duration.default(300_000),
})

interface State {
  readonly phase: Phase
}

export const silence = defineCondition({
  name: 'silence',
  about: 'device',
  schema,
  build(options): ConditionBehavior<State> {
    return {
      clock: 'hub',
      acceptsLate: true,
      needsRepeatedReadings: true,
      step(state, { offline, receivedAt }) {
        if (!offline) return undefined
        return state ?? { phase: { startedAt: receivedAt, raisedAt: receivedAt, variant: 'lastWill' } }
      },
      due(state, subject, fromReadings) {
        const member = subject.members[0]
        if (state || !member || fromReadings) return undefined
        const at = lastWord(subject) + limitOf(member, options)
        return { at, hub: at, grace: options.grace }
      },
      fire(_state, { at }, subject) {
        const startedAt = lastWord(subject)
        const variant = subject.members[0]?.lastSeenAt === undefined ? 'neverHeard' : undefined
        const detail = { minutes: Math.round((at - startedAt) / 60_000) }
        return { phase: { startedAt, raisedAt: at, detail, variant } }
      },
      phase: (state) => state?.phase,
    }
  },
})

function lastWord(subject: Subject): number {
  const member = subject.members[0]
  return member?.lastSeenAt ?? member?.knownSince ?? 0
}

function limitOf({ device }: MemberFacts, limits: { mains: number; battery: number }): number {
  return limits[deviceTypes.get(device.type)?.power ?? 'battery']
}
