/**
 * A device that is not received: no message for the limit of its power supply, or its Last Will reports offline.
 *
 * In hub time: what counts is when the hub received anything, whatever the device's clock shows. Driven by the registry, so
 * a device that never reported is missed from when the hub first knew of it.
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
  /** Wait after a hub outage, so that devices can reconnect first, ms. */
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
        const at = lastSeenOrKnown(subject) + limitOf(member, options)
        return { at, hub: at, grace: options.grace }
      },
      fire(_state, { at }, subject) {
        const startedAt = lastSeenOrKnown(subject)
        const variant = subject.members[0]?.lastSeenAt === undefined ? 'neverHeard' : undefined
        const detail = { minutes: Math.round((at - startedAt) / 60_000) }
        return { phase: { startedAt, raisedAt: at, detail, variant } }
      },
      phase: (state) => state?.phase,
    }
  },
})

function lastSeenOrKnown(subject: Subject): number {
  const member = subject.members[0]
  return member?.lastSeenAt ?? member?.knownSince ?? 0
}

function limitOf({ device }: MemberFacts, limits: { mains: number; battery: number }): number {
  return limits[deviceTypes.get(device.type)?.power ?? 'battery']
}
