/**
 * Many devices of a site whose clocks seem wrong at once: it is the hub's own clock that is. One alert for it, which
 * holds those of the devices.
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
  /** A device counts after so many messages in a row over some time. */
  times: z.int().min(1).max(1000),
  for: duration,
  count: z.int().min(2).max(10_000),
  share: z.number().gt(0).max(1),
})

type Options = z.output<typeof schema>

interface State {
  /** Ids of devices with a wrong clock; no more of them than are needed. */
  readonly wrong: readonly string[]
  readonly phase?: Phase
}

export const clocks = defineCondition({
  name: 'clocks',
  about: 'group',
  schema,
  build(options): ConditionBehavior<State> {
    return {
      clock: 'hub',
      needsRepeatedReadings: true,
      applies: ({ members }) => members.length >= options.count,
      step(state, moment) {
        const { link: line } = moment
        if (!line || line.clock === 'unknown') return state
        return line.clock === 'wrong' ? add(options, state, moment) : remove(options, state, moment)
      },
      // A device that was taken out of the site is not heard to be right again.
      due(state, { members }) {
        if (!state || ofMembers(state, members) === state.wrong) return undefined
        const at = members.reduce((newest, { lastSeenAt: heardAt = 0 }) => Math.max(newest, heardAt), 0)
        return { at, hub: at }
      },
      fire: (state, _due, subject) =>
        state && settle(options, state, { wrong: ofMembers(state, subject.members), subject }),
      phase: (state) => state?.phase,
      // That a clock is right again is news.
      needsEveryMessage: () => false,
    }
  },
})

const needed = ({ count, share }: Options, { members }: Subject): number =>
  Math.max(count, Math.ceil(share * members.length))

function add(options: Options, state: State | undefined, moment: Sample): State | undefined {
  const { link: line, receivedAt, subject, member, muted } = moment
  const run = line?.wrongClock
  const id = subject.members[member]?.device.id
  if (!run || id === undefined || run.count < options.times || receivedAt - run.since < options.for)
    return state
  const least = needed(options, subject)
  const known = state?.wrong ?? []
  if (known.length >= least || known.includes(id)) return state
  const wrong = [...known, id]
  if (state?.phase || muted || wrong.length < least) return { wrong, phase: state?.phase }
  const off = Math.round(Math.abs(run.by) / 60_000)
  const detail = { wrong: wrong.length, members: subject.members.length, off }
  return { wrong, phase: { startedAt: run.since, raisedAt: receivedAt, detail, variant: run.way } }
}

/** It is over when fewer than half of those needed are left. */
function remove(options: Options, state: State | undefined, moment: Sample): State | undefined {
  const { subject, member } = moment
  const id = subject.members[member]?.device.id
  if (!state || id === undefined || !state.wrong.includes(id)) return state
  return settle(options, state, { wrong: state.wrong.filter((one) => one !== id), subject })
}

function settle(
  options: Options,
  { phase }: State,
  { wrong, subject }: { readonly wrong: readonly string[]; readonly subject: Subject },
): State | undefined {
  if (wrong.length === 0) return undefined
  return wrong.length * 2 < needed(options, subject) ? { wrong } : { wrong, phase }
}

/** The very same when all are members. Both may be thousands. */
function ofMembers({ wrong }: State, members: Subject['members']): readonly string[] {
  const left = new Set(wrong)
  for (const { device } of members) {
    left.delete(device.id)
    if (left.size === 0) return wrong
  }
  return wrong.filter((id) => !left.has(id))
}
