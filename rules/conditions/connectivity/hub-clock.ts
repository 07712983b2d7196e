/**
 * Many devices of a site whose clocks seem wrong at once: the hub's own clock is wrong. One alert for it, which inhibits
 * those of the devices.
 */
import { z } from 'zod'
import { duration } from '../../schema/fields.ts'
import {
  type ConditionBehavior,
  defineCondition,
  type Phase,
  type Sample,
  type Subject,
} from '../condition.ts'

const schema = z.strictObject({
  /** A device counts after `times` wrong messages in a row over `for`. */
  times: z.int().min(1).max(1000),
  for: duration,
  count: z.int().min(2).max(10_000),
  share: z.number().gt(0).max(1),
})

type Options = z.output<typeof schema>

interface State {
  /** Ids of devices with a wrong clock, at most as many as are needed. */
  readonly wrongDevices: readonly string[]
  readonly phase?: Phase
}

export const hubClock = defineCondition({
  name: 'clocks',
  about: 'group',
  schema,
  formerStateKeys: { wrong: 'wrongDevices' },
  build(options): ConditionBehavior<State> {
    return {
      clock: 'hub',
      needsRepeatedReadings: true,
      applies: ({ members }) => members.length >= options.count,
      step(state, sample) {
        const { link } = sample
        if (!link || link.clock === 'unknown') return state
        return link.clock === 'wrong'
          ? addDevice(options, state, sample)
          : removeDevice(options, state, sample)
      },
      // A device that was removed from the site would never become correct again.
      due(state, { members }) {
        if (!state || withoutFormerMembers(state, members) === state.wrongDevices) return undefined
        const at = members.reduce((newest, { lastSeenAt = 0 }) => Math.max(newest, lastSeenAt), 0)
        return { at, hub: at }
      },
      fire: (state, _due, subject) =>
        state &&
        settle(options, state, { wrongDevices: withoutFormerMembers(state, subject.members), subject }),
      phase: (state) => state?.phase,
      // A clock that becomes right is reported as a change, so repeated messages add nothing.
      needsEveryMessage: () => false,
    }
  },
})

const needed = ({ count, share }: Options, { members }: Subject): number =>
  Math.max(count, Math.ceil(share * members.length))

function addDevice(options: Options, state: State | undefined, sample: Sample): State | undefined {
  const { link, receivedAt, subject, member, muted } = sample
  const run = link?.wrongClock
  const id = subject.members[member]?.device.id
  if (!run || id === undefined || run.count < options.times || receivedAt - run.since < options.for)
    return state
  const least = needed(options, subject)
  const known = state?.wrongDevices ?? []
  if (known.length >= least || known.includes(id)) return state
  const wrongDevices = [...known, id]
  if (state?.phase || muted || wrongDevices.length < least) return { wrongDevices, phase: state?.phase }
  const off = Math.round(Math.abs(run.by) / 60_000)
  const detail = { wrong: wrongDevices.length, members: subject.members.length, off }
  return { wrongDevices, phase: { startedAt: run.since, raisedAt: receivedAt, detail, variant: run.way } }
}

/** Ends when fewer than half of the needed devices remain. */
function removeDevice(options: Options, state: State | undefined, sample: Sample): State | undefined {
  const { subject, member } = sample
  const id = subject.members[member]?.device.id
  if (!state || id === undefined || !state.wrongDevices.includes(id)) return state
  return settle(options, state, { wrongDevices: state.wrongDevices.filter((one) => one !== id), subject })
}

function settle(
  options: Options,
  { phase }: State,
  { wrongDevices, subject }: { readonly wrongDevices: readonly string[]; readonly subject: Subject },
): State | undefined {
  if (wrongDevices.length === 0) return undefined
  return wrongDevices.length * 2 < needed(options, subject) ? { wrongDevices } : { wrongDevices, phase }
}

/** Returns the same list when all are members. Both lists may have thousands of entries. */
function withoutFormerMembers({ wrongDevices }: State, members: Subject['members']): readonly string[] {
  const missing = new Set(wrongDevices)
  for (const { device } of members) {
    missing.delete(device.id)
    if (missing.size === 0) return wrongDevices
  }
  return wrongDevices.filter((id) => !missing.has(id))
}
