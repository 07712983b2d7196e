/**
 * Several devices of one circuit, gateway or building that fail within a short time: one cause, one incident.
 *
 * A member is out when `when` was true for `for`, or when it fell silent (no message for `silent.for`, or its Last Will
 * reported offline) while its last values fulfilled `silent.when`. A member that never reported is unknown, not out.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import {
  type ConditionBehavior,
  type Due,
  defineCondition,
  type Phase,
  type Sample,
  type Subject,
} from '../condition.ts'

const schema = z.strictObject({
  when: expressionText,
  for: duration.default(0),
  silent: z.strictObject({ for: duration, when: expressionText.optional() }).optional(),
  count: z.int().min(2).max(10_000),
  /** Besides `count`: share of the members, 0-1. */
  share: z.number().gt(0).max(1).optional(),
  within: duration,
  grace: duration.default(300_000),
  maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
})

interface Options {
  readonly when: Evaluate<boolean>
  readonly for: number
  readonly silent: { readonly for: number; readonly when: Evaluate<boolean> | undefined } | undefined
  readonly count: number
  readonly share: number | undefined
  readonly within: number
  readonly grace: number
  readonly maxAge: number
}

/** A member that is, or may be, out. */
interface Outage {
  readonly device: string
  /** Since when: the member's clock and the hub's. */
  readonly since: number
  readonly receivedAt: number
  readonly lastAt: number
  /** When it counts as out, ms. */
  readonly confirmedAt: number
  /** `pending` = not yet for long enough; `ignored` = silent, but without `silent.when`. */
  readonly status: 'pending' | 'dark' | 'silent' | 'ignored'
}

interface State {
  readonly outages: readonly Outage[]
  readonly phase?: Phase
}

export const commonCause = defineCondition({
  name: 'together',
  about: 'group',
  schema,
  formerStateKeys: { out: 'outages', hub: 'receivedAt', last: 'lastAt', at: 'confirmedAt', why: 'status' },
  build(spec, context): ConditionBehavior<State> {
    const silentWhen = spec.silent?.when
    return createCommonCause({
      ...spec,
      share: spec.share,
      when: context.expression(spec.when, 'when'),
      silent: spec.silent && {
        for: spec.silent.for,
        when: silentWhen === undefined ? undefined : context.expression(silentWhen, 'silent', 'when'),
      },
      maxAge: spec.maxAge ?? context.offlineAfter,
    })
  },
})

function createCommonCause(options: Options): ConditionBehavior<State> {
  const { silent } = options
  return {
    needsRepeatedReadings: true,
    applies: (subject) => subject.members.length >= options.count,
    step(state, sample) {
      const outages = sample.offline
        ? stepOffline(options, state, sample)
        : stepReading(options, state, sample)
      return settle(options, { state, outages, subject: sample.subject })
    },
    due: (state, subject, fromReadings) =>
      fromReadings ? earliestPending(options, state) : earliest(options, state, subject),
    fire(state, due, subject) {
      const fact = (due.fact as Outage | undefined) ?? confirmPending(state, due.at)
      return fact
        ? settle(options, { state, outages: replace(state?.outages ?? none, fact), subject })
        : state
    },
    phase: (state) => state?.phase,
    ...(silent && { silenceLimit: () => silent.for }),
  }
}

const none: readonly Outage[] = []

function stepReading(options: Options, state: State | undefined, sample: Sample): readonly Outage[] {
  const { scope, ts, receivedAt, subject, member, muted } = sample
  const outages = currentOutages(state?.outages ?? none, subject)
  const device = subject.members[member]?.device.id ?? ''
  const known = outageOf(outages, device)
  scope.minTime = ts - options.maxAge
  const when = options.when(scope)
  if (when !== true || muted) {
    const isStillDark = when === undefined && known?.status === 'dark'
    return !known || isStillDark ? outages : without(outages, device)
  }
  const isOut = known?.status === 'pending' || known?.status === 'dark'
  // Not across a gap or a clock regression of the member.
  const continues = known && isOut && ts - known.lastAt <= options.maxAge && ts >= known.since
  const start = continues ? known : { since: ts, receivedAt }
  const confirmedAt = start.since + options.for
  return replace(outages, {
    device,
    since: start.since,
    receivedAt: start.receivedAt,
    lastAt: ts,
    confirmedAt,
    status: ts >= confirmedAt ? 'dark' : 'pending',
  })
}

function stepOffline(options: Options, state: State | undefined, sample: Sample): readonly Outage[] {
  const { subject, member, ts, receivedAt } = sample
  const device = subject.members[member]?.device.id ?? ''
  const outages = currentOutages(state?.outages ?? none, subject)
  const known = outageOf(outages, device)
  if (!options.silent || (known && known.status !== 'pending')) return outages
  const status = isExpected(options, subject, member) ? 'silent' : 'ignored'
  return replace(outages, { device, since: ts, receivedAt, lastAt: ts, confirmedAt: ts, status })
}

function outageOf(outages: readonly Outage[], device: string): Outage | undefined {
  return outages.find((item) => item.device === device)
}

/** Without devices that have left the group, which would be out for ever. */
function currentOutages(outages: readonly Outage[], { members }: Subject): readonly Outage[] {
  const isMember = (item: Outage): boolean => members.some(({ device }) => device.id === item.device)
  return outages.every(isMember) ? outages : outages.filter(isMember)
}

function isExpected({ silent }: Options, subject: Subject, member: number): boolean {
  if (!silent?.when) return true
  const scope = subject.scope(member)
  scope.minTime = 0
  return silent.when(scope) === true
}

function replace(outages: readonly Outage[], item: Outage): readonly Outage[] {
  return [...without(outages, item.device), item]
}

function without(outages: readonly Outage[], device: string): readonly Outage[] {
  return outages.filter((item) => item.device !== device)
}

interface Settled {
  readonly state: State | undefined
  readonly outages: readonly Outage[]
  readonly subject: Subject
}

function settle(options: Options, { state, outages, subject }: Settled): State | undefined {
  if (outages === (state?.outages ?? none)) return state
  const confirmed = outages.filter((item) => item.status === 'dark' || item.status === 'silent')
  const count = needed(options, subject)
  if (state?.phase && confirmed.length >= count) return { outages, phase: state.phase }
  const burst = state?.phase ? undefined : burstOf(confirmed, { count, within: options.within })
  if (!burst) return outages.length === 0 ? undefined : { outages }
  const silent = confirmed.filter((item) => item.status === 'silent').length
  const detail = {
    out: confirmed.length,
    silent,
    dark: confirmed.length - silent,
    of: subject.members.length,
  }
  const raisedAt = Math.max(...burst.map((item) => item.confirmedAt))
  const startedAt = burst[0]?.since ?? raisedAt
  return { outages, phase: { startedAt, raisedAt, detail, device: burst[0]?.device } }
}

const needed = ({ count, share = 0 }: Options, { members }: Subject): number =>
  Math.max(count, Math.ceil(share * members.length - 1e-9))

/** The first `count` outages that began within `within` of each other, earliest first. */
function burstOf(
  confirmed: readonly Outage[],
  { count, within }: Pick<Options, 'count' | 'within'>,
): readonly Outage[] | undefined {
  const order = [...confirmed].sort((a, b) => a.since - b.since || (a.device < b.device ? -1 : 1))
  const first = order.findIndex((item, index) => {
    const last = order[index + count - 1]
    return last !== undefined && last.since - item.since <= within
  })
  return first < 0 ? undefined : order.slice(first, first + count)
}

function earliestPending(options: Options, state: State | undefined): Due | undefined {
  let found: Due | undefined
  for (const outage of state?.outages ?? none) {
    if (outage.status !== 'pending' || outage.confirmedAt >= outage.lastAt + options.maxAge) continue
    if (!found || outage.confirmedAt < found.at)
      found = { at: outage.confirmedAt, hub: outage.receivedAt + options.for }
  }
  return found
}

function earliest(options: Options, state: State | undefined, subject: Subject): Due | undefined {
  let found = earliestPending(options, state)
  if (!options.silent) return found
  for (const [member, { device, lastSeenAt }] of subject.members.entries()) {
    if (lastSeenAt === undefined || isOut(state, device.id)) continue
    const at = lastSeenAt + options.silent.for
    if (found && at >= found.hub) continue
    const status = isExpected(options, subject, member) ? 'silent' : 'ignored'
    const fact: Outage = {
      device: device.id,
      since: lastSeenAt,
      receivedAt: lastSeenAt,
      lastAt: lastSeenAt,
      confirmedAt: at,
      status,
    }
    found = { at, hub: at, grace: options.grace, fact }
  }
  return found
}

/** The pending outage that is confirmed at `at`, now dark. */
function confirmPending(state: State | undefined, at: number): Outage | undefined {
  const outage = state?.outages.find((item) => item.status === 'pending' && item.confirmedAt === at)
  return outage && { ...outage, status: 'dark' }
}

function isOut(state: State | undefined, device: string): boolean {
  return state?.outages.some((item) => item.device === device && item.status !== 'pending') ?? false
}
