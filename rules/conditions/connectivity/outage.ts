/**
 * A good part of a group goes offline within a short time: one cause (a gateway, a cable, the power), one incident.
 *
 * In hub time, as `silence`: a member is offline with its Last Will, or after no message for the limit of its power supply,
 * and then since its last message. A member that never reported is unknown. Only recent outages are remembered until there
 * is an incident, which ends when less than half of the needed members are offline.
 */
import { z } from 'zod'
import { deviceTypes } from '../../../model/devices/table.ts'
import { duration } from '../../schema/fields.ts'
import {
  type ConditionBehavior,
  type Due,
  defineCondition,
  type MemberFacts,
  type Phase,
  type Sample,
  type Subject,
} from '../condition.ts'

const schema = z.strictObject({
  /** Share of the group, 0-1, and a minimum number. */
  share: z.number().gt(0).max(1),
  count: z.int().min(2).max(100_000),
  within: duration.refine((value) => value > 0, 'must be greater than 0'),
  mains: duration,
  battery: duration,
  /** Wait after a hub outage, so that devices can reconnect first, ms. */
  grace: duration.default(300_000),
})

type Options = z.output<typeof schema>

/** Since when a member is offline, and when that was noticed; hub clock, ms. */
type Off = readonly [since: number, noticed: number]
type OffByDevice = Readonly<Record<string, Off>>

interface State {
  readonly off: OffByDevice
  /** Silence has been evaluated up to this instant. */
  readonly checkedUntil: number
  readonly phase?: Phase
}

const none: OffByDevice = {}

export const outage = defineCondition({
  name: 'outage',
  about: 'group',
  schema,
  formerStateKeys: { seen: 'checkedUntil' },
  build(options): ConditionBehavior<State> {
    return {
      clock: 'hub',
      needsRepeatedReadings: true,
      applies: (subject) => subject.members.length >= options.count,
      step(state, sample) {
        return sample.offline ? goOffline(options, state, sample) : comeOnline(options, state, sample)
      },
      due: (state, subject, fromReadings) => (fromReadings ? undefined : nextDue(options, state, subject)),
      fire: (state, due, subject) => checkSilence(options, state, { at: due.at, subject }),
      phase: (state) => state?.phase,
      silenceLimit: (member) => limitOf(options, member),
      needsEveryMessage: (state) => state !== undefined && isAny(state.off),
    }
  },
})

function isAny(off: OffByDevice): boolean {
  for (const _ in off) return true
  return false
}

function goOffline(options: Options, state: State | undefined, sample: Sample): State | undefined {
  const { subject, member, receivedAt } = sample
  const { device, lastSeenAt } = subject.members[member] as MemberFacts
  if (lastSeenAt === undefined || state?.off[device.id]) return state
  const off = {
    ...recentlyOffline(options, state, receivedAt),
    [device.id]: [receivedAt, receivedAt] as const,
  }
  return settle(
    options,
    { off, checkedUntil: state?.checkedUntil ?? 0, phase: state?.phase },
    { at: receivedAt, subject },
  )
}

function comeOnline(options: Options, state: State | undefined, sample: Sample): State | undefined {
  const { subject, member } = sample
  const id = subject.members[member]?.device.id ?? ''
  if (!state?.off[id]) return state
  const { [id]: _, ...off } = state.off
  const next: State = { ...state, off }
  return isOver(options, next, subject) ? { off: none, checkedUntil: state.checkedUntil } : next
}

interface Check {
  /** Hub clock, ms. */
  readonly at: number
  readonly subject: Subject
}

/** Adds members whose silence has become too long, and forgets outages too old to have the same cause. */
function checkSilence(options: Options, state: State | undefined, check: Check): State {
  const { at, subject } = check
  const checkedUntil = state?.checkedUntil ?? 0
  const off: Record<string, Off> = { ...recentlyOffline(options, state, at) }
  for (const facts of subject.members) {
    const end = silentAt(options, facts)
    if (end > checkedUntil && end <= at && facts.lastSeenAt !== undefined)
      off[facts.device.id] ??= [facts.lastSeenAt, at]
  }
  const next: State = {
    off: withoutFormerMembers(off, subject),
    checkedUntil: Math.max(checkedUntil, at),
    phase: state?.phase,
  }
  return isOver(options, next, subject)
    ? { off: none, checkedUntil: next.checkedUntil }
    : settle(options, next, check)
}

/** Without devices that have left the group. */
function withoutFormerMembers(off: OffByDevice, subject: Subject): OffByDevice {
  if (!hasFormerMembers(off, subject)) return off
  const ids = new Set(subject.members.map(({ device }) => device.id))
  return Object.fromEntries(Object.entries(off).filter(([id]) => ids.has(id)))
}

function hasFormerMembers(off: OffByDevice, { members }: Subject): boolean {
  if (!isAny(off)) return false
  let left = Object.keys(off).length
  for (const { device } of members) if (off[device.id]) left -= 1
  return left > 0
}

const isOver = (options: Options, { off, phase }: State, subject: Subject): boolean =>
  phase !== undefined && Object.keys(off).length * 2 < needed(options, subject)

/** Members that may have the same cause as one that goes offline now; during an incident all. */
function recentlyOffline(options: Options, state: State | undefined, at: number): OffByDevice {
  if (!state) return none
  if (state.phase) return state.off
  const oldest = at - retentionOf(options)
  const entries = Object.entries(state.off)
  const kept = entries.filter(([, [, noticed]]) => noticed > oldest)
  return kept.length === entries.length ? state.off : Object.fromEntries(kept)
}

/** A Last Will arrives at once, silence is noticed later. */
const retentionOf = ({ mains, within }: Options): number => mains + within

const needed = ({ share, count }: Options, { members }: Subject): number =>
  Math.max(count, Math.ceil(share * members.length - 1e-9))

function settle(options: Options, state: State, { at, subject }: Check): State {
  if (state.phase) return state
  const need = needed(options, subject)
  const entries = Object.entries(state.off)
  if (entries.length < need) return state
  const order = entries.sort(([a, [one]], [b, [other]]) => one - other || (a < b ? -1 : 1))
  const first = order.findIndex(([, [since]], index) => {
    const last = order[index + need - 1]
    return last !== undefined && last[1][0] - since <= options.within
  })
  const begin = order[first]
  if (!begin) return state
  const of = subject.members.length
  const detail = { out: entries.length, of, percent: Math.round((100 * entries.length) / of) }
  return { ...state, phase: { startedAt: begin[1][0], raisedAt: at, detail, device: begin[0] } }
}

function nextDue(options: Options, state: State | undefined, subject: Subject): Due | undefined {
  const { members } = subject
  if (state && hasFormerMembers(state.off, subject)) {
    const at = Object.values(state.off).reduce(
      (newest, [, noticed]) => Math.max(newest, noticed),
      state.checkedUntil,
    )
    return { at, hub: at }
  }
  const checkedUntil = state?.checkedUntil ?? Number.NEGATIVE_INFINITY
  let next = Number.POSITIVE_INFINITY
  for (const facts of members) {
    const end = silentAt(options, facts)
    if (end > checkedUntil && end < next && !state?.off[facts.device.id]) next = end
  }
  if (state && !state.phase)
    for (const [, noticed] of Object.values(state.off)) next = Math.min(next, noticed + retentionOf(options))
  return next === Number.POSITIVE_INFINITY ? undefined : { at: next, hub: next, grace: options.grace }
}

/** When the silence of a member becomes too long; hub clock, ms. */
function silentAt(limits: Options, facts: MemberFacts): number {
  return (facts.lastSeenAt ?? facts.knownSince) + limitOf(limits, facts)
}

const limitOf = (limits: Options, { device }: MemberFacts): number =>
  limits[deviceTypes.get(device.type)?.power ?? 'battery']
