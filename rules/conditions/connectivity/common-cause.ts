/**
 * Several devices of one circuit, gateway or building that fail within a short time: one cause, one incident.
 *
 * A member is out when `when` held for `for`, or when it fell silent (not heard for `silent.for`, or its Last Will
 * says offline) while its last words fulfilled `silent.when`. A member that never spoke is unknown, not out.
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
  /** Besides `count`: part of the members, 0-1. */
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
  readonly hold: number
}

/** One member that is, or may be, out. */
interface Out {
  readonly device: string
  /** Since when, by the member's and by the hub's clock. */
  readonly since: number
  readonly hub: number
  readonly last: number
  /** When it counted as out. */
  readonly at: number
  /** `pending` = not yet for long enough; `ignored` = silent, but nothing was expected of it. */
  readonly why: 'pending' | 'dark' | 'silent' | 'ignored'
}

interface State {
  readonly out: readonly Out[]
  readonly phase?: Phase
}

export const together = defineCondition({
  name: 'together',
  about: 'group',
  schema,
  build(spec, context): ConditionBehavior<State> {
    const silentWhen = spec.silent?.when
    return createTogether({
      ...spec,
      share: spec.share,
      when: context.expression(spec.when, 'when'),
      silent: spec.silent && {
        for: spec.silent.for,
        when: silentWhen === undefined ? undefined : context.expression(silentWhen, 'silent', 'when'),
      },
      hold: spec.maxAge ?? context.offlineAfter,
    })
  },
})

function createTogether(options: Options): ConditionBehavior<State> {
  const { silent } = options
  return {
    needsRepeatedReadings: true,
    applies: (subject) => subject.members.length >= options.count,
    step(state, moment) {
      const out = moment.offline ? stepOffline(options, state, moment) : stepReading(options, state, moment)
      return settle(options, { state, out, subject: moment.subject })
    },
    due: (state, subject, fromReadings) =>
      fromReadings ? earliestPending(options, state) : earliest(options, state, subject),
    fire(state, due, subject) {
      const fact = (due.fact as Out | undefined) ?? ripe(state, due.at)
      return fact ? settle(options, { state, out: replace(state?.out ?? none, fact), subject }) : state
    },
    phase: (state) => state?.phase,
    ...(silent && { silenceLimit: () => silent.for }),
  }
}

const none: readonly Out[] = []

function stepReading(options: Options, state: State | undefined, moment: Sample): readonly Out[] {
  const { scope, ts, receivedAt, subject, member, muted } = moment
  const out = stillMembers(state?.out ?? none, subject)
  const device = subject.members[member]?.device.id ?? ''
  const known = outageOf(out, device)
  scope.minTime = ts - options.hold
  const when = options.when(scope)
  if (when !== true || muted) {
    const stays = when === undefined && known?.why === 'dark'
    return !known || stays ? out : without(out, device)
  }
  const isOut = known?.why === 'pending' || known?.why === 'dark'
  // Not over a gap, nor when the member's clock was set back.
  const goesOn = known && isOut && ts - known.last <= options.hold && ts >= known.since
  const { since, hub } = goesOn ? known : { since: ts, hub: receivedAt }
  const at = since + options.for
  return replace(out, { device, since, hub, last: ts, at, why: ts >= at ? 'dark' : 'pending' })
}

function stepOffline(options: Options, state: State | undefined, moment: Sample): readonly Out[] {
  const { subject, member, ts, receivedAt } = moment
  const device = subject.members[member]?.device.id ?? ''
  const out = stillMembers(state?.out ?? none, subject)
  const known = outageOf(out, device)
  if (!options.silent || (known && known.why !== 'pending')) return out
  const why = isExpected(options, subject, member) ? 'silent' : 'ignored'
  return replace(out, { device, since: ts, hub: receivedAt, last: ts, at: ts, why })
}

/** Nobody is out as a rule, and then nothing is to be made for looking. */
function outageOf(out: readonly Out[], device: string): Out | undefined {
  return out.length === 0 ? undefined : find(out, device)
}

function find(out: readonly Out[], device: string): Out | undefined {
  return out.find((item) => item.device === device)
}

/** A lamp that was taken out of the circuit is not out for ever. */
function stillMembers(out: readonly Out[], subject: Subject): readonly Out[] {
  return out.length === 0 ? out : ofMembers(out, subject)
}

function ofMembers(out: readonly Out[], { members }: Subject): readonly Out[] {
  const isMember = (item: Out): boolean => members.some(({ device }) => device.id === item.device)
  return out.every(isMember) ? out : out.filter(isMember)
}

function isExpected({ silent }: Options, subject: Subject, member: number): boolean {
  if (!silent?.when) return true
  const scope = subject.scope(member)
  scope.minTime = 0
  return silent.when(scope) === true
}

function replace(out: readonly Out[], item: Out): readonly Out[] {
  return [...without(out, item.device), item]
}

function without(out: readonly Out[], device: string): readonly Out[] {
  return out.filter((item) => item.device !== device)
}

interface Settled {
  readonly state: State | undefined
  readonly out: readonly Out[]
  readonly subject: Subject
}

function settle(options: Options, { state, out, subject }: Settled): State | undefined {
  if (out === (state?.out ?? none)) return state
  const confirmed = out.filter((item) => item.why === 'dark' || item.why === 'silent')
  const count = needed(options, subject)
  if (state?.phase && confirmed.length >= count) return { out, phase: state.phase }
  const burst = state?.phase ? undefined : burstOf(confirmed, { count, within: options.within })
  if (!burst) return out.length === 0 ? undefined : { out }
  const silent = confirmed.filter((item) => item.why === 'silent').length
  const detail = {
    out: confirmed.length,
    silent,
    dark: confirmed.length - silent,
    of: subject.members.length,
  }
  const raisedAt = Math.max(...burst.map((item) => item.at))
  const startedAt = burst[0]?.since ?? raisedAt
  return { out, phase: { startedAt, raisedAt, detail, device: burst[0]?.device } }
}

const needed = ({ count, share = 0 }: Options, { members }: Subject): number =>
  Math.max(count, Math.ceil(share * members.length - 1e-9))

/** The first `count` outages that began within `within` of each other, earliest first. */
function burstOf(
  confirmed: readonly Out[],
  { count, within }: Pick<Options, 'count' | 'within'>,
): readonly Out[] | undefined {
  const order = [...confirmed].sort((a, b) => a.since - b.since || (a.device < b.device ? -1 : 1))
  const first = order.findIndex((item, index) => {
    const last = order[index + count - 1]
    return last !== undefined && last.since - item.since <= within
  })
  return first < 0 ? undefined : order.slice(first, first + count)
}

function earliestPending(options: Options, state: State | undefined): Due | undefined {
  let found: Due | undefined
  for (const out of state?.out ?? none) {
    if (out.why !== 'pending' || out.at >= out.last + options.hold) continue
    if (!found || out.at < found.at) found = { at: out.at, hub: out.hub + options.for }
  }
  return found
}

function earliest(options: Options, state: State | undefined, subject: Subject): Due | undefined {
  let found = earliestPending(options, state)
  if (!options.silent) return found
  for (const [member, { device, lastSeenAt: heardAt }] of subject.members.entries()) {
    if (heardAt === undefined || isOut(state, device.id)) continue
    const at = heardAt + options.silent.for
    if (found && at >= found.hub) continue
    const why = isExpected(options, subject, member) ? 'silent' : 'ignored'
    const fact: Out = { device: device.id, since: heardAt, hub: heardAt, last: heardAt, at, why }
    found = { at, hub: at, grace: options.grace, fact }
  }
  return found
}

/** The pending member whose time is over at `at`, now dark. */
function ripe(state: State | undefined, at: number): Out | undefined {
  const out = state?.out.find((item) => item.why === 'pending' && item.at === at)
  return out && { ...out, why: 'dark' }
}

function isOut(state: State | undefined, device: string): boolean {
  return state?.out.some((item) => item.device === device && item.why !== 'pending') ?? false
}
