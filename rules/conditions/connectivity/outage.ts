/**
 * A good part of a group falls off the network within a short time: one cause (a gateway, a line, the power), one incident.
 *
 * In the hub's time, as `silence` is: a member is off with its Last Will, or when it was not heard for the limit of its
 * kind of power, and then it is off since it was last heard. One that never spoke is unknown. Only what went off lately is
 * remembered until there is an incident; that is over when less than half of what makes one is still off.
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
  /** Part of the group, 0-1, and at least so many. */
  share: z.number().gt(0).max(1),
  count: z.int().min(2).max(100_000),
  within: duration.refine((value) => value > 0, 'must be longer than nothing'),
  mains: duration,
  battery: duration,
  /** How long to wait after the hub itself was deaf, so that devices can come back first. */
  grace: duration.default(300_000),
})

type Options = z.output<typeof schema>

/** Since when a member is off, and when that was noticed; hub clock, ms. */
type Off = readonly [since: number, noticed: number]
type OffByDevice = Readonly<Record<string, Off>>

interface State {
  readonly off: OffByDevice
  /** Silence up to this instant has been looked at. */
  readonly seen: number
  readonly phase?: Phase
}

const nobody: OffByDevice = {}

export const outage = defineCondition({
  name: 'outage',
  about: 'group',
  schema,
  build(options): ConditionBehavior<State> {
    return {
      clock: 'hub',
      needsRepeatedReadings: true,
      applies: (subject) => subject.members.length >= options.count,
      step(state, moment) {
        return moment.offline ? leave(options, state, moment) : comeBack(options, state, moment)
      },
      due: (state, subject, fromReadings) => (fromReadings ? undefined : nextDue(options, state, subject)),
      fire: (state, due, subject) => lookAt(options, state, { at: due.at, subject }),
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

function leave(options: Options, state: State | undefined, moment: Sample): State | undefined {
  const { subject, member, receivedAt } = moment
  const { device, lastSeenAt: heardAt } = subject.members[member] as MemberFacts
  if (heardAt === undefined || state?.off[device.id]) return state
  const off = { ...lately(options, state, receivedAt), [device.id]: [receivedAt, receivedAt] as const }
  return settle(options, { off, seen: state?.seen ?? 0, phase: state?.phase }, { at: receivedAt, subject })
}

function comeBack(options: Options, state: State | undefined, moment: Sample): State | undefined {
  const { subject, member } = moment
  const id = subject.members[member]?.device.id ?? ''
  if (!state?.off[id]) return state
  const { [id]: _, ...off } = state.off
  const next: State = { ...state, off }
  return isOver(options, next, subject) ? { off: nobody, seen: state.seen } : next
}

interface Now {
  /** Hub clock, ms. */
  readonly at: number
  readonly subject: Subject
}

/** Notices whose silence has become too long by now, and forgets what was too long ago to belong together. */
function lookAt(options: Options, state: State | undefined, now: Now): State {
  const { at, subject } = now
  const seen = state?.seen ?? 0
  const off: Record<string, Off> = { ...lately(options, state, at) }
  for (const facts of subject.members) {
    const end = endOf(options, facts)
    if (end > seen && end <= at && facts.lastSeenAt !== undefined)
      off[facts.device.id] ??= [facts.lastSeenAt, at]
  }
  const next: State = { off: ofMembers(off, subject), seen: Math.max(seen, at), phase: state?.phase }
  return isOver(options, next, subject) ? { off: nobody, seen: next.seen } : settle(options, next, now)
}

/** What was taken out of the group does not come back to it. */
function ofMembers(off: OffByDevice, subject: Subject): OffByDevice {
  if (!hasStrangers(off, subject)) return off
  const ids = new Set(subject.members.map(({ device }) => device.id))
  return Object.fromEntries(Object.entries(off).filter(([id]) => ids.has(id)))
}

function hasStrangers(off: OffByDevice, { members }: Subject): boolean {
  if (!isAny(off)) return false
  let left = Object.keys(off).length
  for (const { device } of members) if (off[device.id]) left -= 1
  return left > 0
}

const isOver = (options: Options, { off, phase }: State, subject: Subject): boolean =>
  phase !== undefined && Object.keys(off).length * 2 < needed(options, subject)

/** Those that can still be part of one outage with what goes off now; in an incident all. */
function lately(options: Options, state: State | undefined, at: number): OffByDevice {
  if (!state) return nobody
  if (state.phase) return state.off
  const oldest = at - keptFor(options)
  const entries = Object.entries(state.off)
  const kept = entries.filter(([, [, noticed]]) => noticed > oldest)
  return kept.length === entries.length ? state.off : Object.fromEntries(kept)
}

/** A Last Will comes at once, silence is noticed later. */
const keptFor = ({ mains, within }: Options): number => mains + within

const needed = ({ share, count }: Options, { members }: Subject): number =>
  Math.max(count, Math.ceil(share * members.length - 1e-9))

function settle(options: Options, state: State, { at, subject }: Now): State {
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
  if (state && hasStrangers(state.off, subject)) {
    const at = Object.values(state.off).reduce((newest, [, noticed]) => Math.max(newest, noticed), state.seen)
    return { at, hub: at }
  }
  const seen = state?.seen ?? Number.NEGATIVE_INFINITY
  let next = Number.POSITIVE_INFINITY
  for (const facts of members) {
    const end = endOf(options, facts)
    if (end > seen && end < next && !state?.off[facts.device.id]) next = end
  }
  if (state && !state.phase)
    for (const [, noticed] of Object.values(state.off)) next = Math.min(next, noticed + keptFor(options))
  return next === Number.POSITIVE_INFINITY ? undefined : { at: next, hub: next, grace: options.grace }
}

/** When the silence of a member becomes too long. */
function endOf(limits: Options, facts: MemberFacts): number {
  return (facts.lastSeenAt ?? facts.knownSince) + limitOf(limits, facts)
}

const limitOf = (limits: Options, { device }: MemberFacts): number =>
  limits[deviceTypes.get(device.type)?.power ?? 'battery']
