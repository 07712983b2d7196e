/**
 * A value that differs from its usual daily profile: from the median of the last days at this time of day by more than `by`
 * and more than `share` of it, for the duration `for`. Several fields (the phases of a feeder) are added up.
 *
 * One sample every five minutes of local time. A value deviates only outside the range of medians within `guard` before and
 * after, so that switching or dimming some minutes earlier than yesterday does not alert; in between, the value is neither
 * deviating nor normal. Times of day known on fewer than `data` of the days are not evaluated. A lasting change becomes
 * usual, and ends the episode, within half of the days. When the zone changes its offset the profile starts again: a load
 * that follows the sun moves by an hour of local time, one that follows the clock does not, and the hub does not know which.
 */
import { z } from 'zod'
import { type Scope, valueTime } from '../../expression/scope.ts'
import { duration } from '../../schema/fields.ts'
import { type ConditionBehavior, type Due, defineCondition, type Phase, type Sample } from '../condition.ts'
import { dayMs } from '../local-time.ts'
import { emptyDay, medianAt, slotMs, slotsPerDay, writeSlot } from './day-curve.ts'

const schema = z.strictObject({
  fields: z.array(z.string().min(1)).min(1).max(8),
  by: z.number().positive(),
  share: z.number().min(0).max(10).default(0),
  for: duration.default(0),
  days: z.int().min(2).max(14),
  /** Share of the days (0-1) that must know a time of day. */
  data: z.number().gt(0).max(1).default(0.7),
  guard: duration.default(600_000),
  maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
})

interface Options extends Omit<z.output<typeof schema>, 'fields' | 'maxAge'> {
  readonly fields: readonly ReadonlyMap<string, number>[]
  readonly maxAge: number
  /** Unit of the stored numbers, in the field's unit. */
  readonly resolution: number
}

/** A deviation (within an episode: a return to normal) that has not yet lasted for `for`. */
interface PendingChange {
  /** Event time and hub clock of its first reading. */
  readonly since: number
  readonly receivedAt: number
  /** Event time of its newest reading. */
  readonly lastAt: number
  /** Value and usual value at its start. */
  readonly detail: Phase['detail']
}

interface State {
  /** Local day and five-minute slot of the newest sample. */
  readonly day: number
  readonly slot: number
  /** Local time minus UTC at that sample, ms. */
  readonly utcOffset?: number
  readonly today: string
  /** Earlier days, oldest first. */
  readonly previousDays: readonly string[]
  /** Median at this time of day, and the range of medians around it; undefined = not known. */
  readonly usual?: number
  readonly low?: number
  readonly high?: number
  readonly pending?: PendingChange
  readonly phase?: Phase
}

/** After a longer gap the profile starts again, because the nights have changed. */
const maxGapDays = 7
/** Stored numbers resolve a hundredth of `by`. */
const stepsPerLimit = 100
/** A pending change notes its newest reading this many times per `maxAge`. */
const refreshesPerMaxAge = 4

export const profile = defineCondition({
  name: 'profile',
  about: 'device',
  schema,
  formerStateKeys: {
    ahead: 'utcOffset',
    past: 'previousDays',
    off: 'pending',
    hub: 'receivedAt',
    last: 'lastAt',
  },
  build(spec, context): ConditionBehavior<State> {
    const fields = spec.fields.map((field, index) => context.numberField(field, 'fields', index))
    const maxAge = spec.maxAge ?? context.offlineAfter
    return createProfile({ ...spec, fields, maxAge, resolution: spec.by / stepsPerLimit })
  },
})

function createProfile(options: Options): ConditionBehavior<State> {
  return {
    maxAge: options.maxAge,
    step(state, sample) {
      const { scope, ts } = sample
      const value = sumOfFields(options, scope, ts)
      if (value === undefined) return state
      const utcOffset = scope.location?.offset(ts) ?? 0
      const local = ts + utcOffset
      const day = Math.floor(local / dayMs)
      const slot = Math.floor((local - day * dayMs) / slotMs)
      const isNewSlot = !state || day !== state.day || slot !== state.slot
      const next = isNewSlot ? startSlot(options, state, { day, slot, utcOffset, value }) : state
      return evaluate(options, next, { value, sample })
    },
    due: (state) => (state ? nextDue(options, state) : undefined),
    fire(state, { at }) {
      if (!state?.pending) return undefined
      return confirmChange(state, state.pending, at)
    },
    phase: (state) => state?.phase,
    onClockRegression: (state) => ({ ...state, pending: undefined }),
  }
}

/** Sum of the fields that the device has ever reported; undefined when one of them is stale or the message has none. */
function sumOfFields({ fields, maxAge }: Options, scope: Scope, ts: number): number | undefined {
  let sum: number | undefined
  let hasReported = false
  for (const slots of fields) {
    const slot = slots.get(scope.type) ?? -1
    const at = valueTime(scope, slot)
    if (at === 0) continue
    const value = scope.slots[slot]
    if (typeof value !== 'number' || at < ts - maxAge) return undefined
    if (scope.reported[slot] !== undefined) hasReported = true
    sum = (sum ?? 0) + value
  }
  return hasReported ? sum : undefined
}

interface SlotSample {
  readonly day: number
  readonly slot: number
  readonly utcOffset: number
  readonly value: number
}

/** Stores the first value of a slot and looks up what is usual there. */
function startSlot(options: Options, state: State | undefined, current: SlotSample): State {
  const { day, slot, utcOffset, value } = current
  const daysPassed = state ? day - state.day : 0
  const restarts = !state || daysPassed > maxGapDays || (state.utcOffset ?? utcOffset) !== utcOffset
  const previousDays = restarts
    ? []
    : daysPassed > 0
      ? [...state.previousDays, state.today].slice(-options.days)
      : state.previousDays
  // After a clock regression the current day is dropped; what was learned is kept.
  const today = restarts || daysPassed !== 0 ? emptyDay : state.today
  return {
    day,
    slot,
    utcOffset,
    today: writeSlot(today, slot, value / options.resolution),
    previousDays,
    ...usualAround(options, previousDays, slot),
    pending: state?.pending,
    phase: state?.phase,
  }
}

/** Median at the slot, and the lowest and highest median within the guard; empty when the slot itself is not known. */
function usualAround(
  options: Options,
  days: readonly string[],
  slot: number,
): Pick<State, 'usual' | 'low' | 'high'> {
  const { resolution, guard, data } = options
  const minDays = Math.ceil(options.days * data - 1e-9)
  const usual = days.length < minDays ? undefined : medianAt(days, slot, minDays)
  if (usual === undefined) return {}
  let low = usual
  let high = usual
  const reach = Math.ceil(guard / slotMs)
  for (let distance = -reach; distance <= reach; distance += 1) {
    const nearby = medianAt(days, (slot + distance + slotsPerDay) % slotsPerDay, minDays)
    if (nearby === undefined) continue
    low = Math.min(low, nearby)
    high = Math.max(high, nearby)
  }
  return { usual: usual * resolution, low: low * resolution, high: high * resolution }
}

interface Current {
  readonly value: number
  readonly sample: Sample
}

function evaluate(options: Options, state: State, { value, sample }: Current): State {
  const { pending, phase, usual } = state
  const isDeviating = deviates(options, state, value)
  const isChange = isDeviating !== undefined && isDeviating !== (phase !== undefined)
  if (usual === undefined || !isChange || (isDeviating && sample.muted))
    return pending ? { ...state, pending: undefined } : state
  const { ts, receivedAt } = sample
  const continues = pending !== undefined && ts - pending.lastAt <= options.maxAge
  const needsNoRefresh = continues && ts - pending.lastAt < options.maxAge / refreshesPerMaxAge
  if (needsNoRefresh && ts < pending.since + options.for) return state
  const detail = { now: roundToThousandth(value), usual: roundToThousandth(usual) }
  const change = continues ? { ...pending, lastAt: ts } : { since: ts, receivedAt, lastAt: ts, detail }
  const end = change.since + options.for
  return ts < end ? { ...state, pending: change } : confirmChange(state, change, end)
}

/** True outside the range that is usual around now; false only near what is usual right now (hysteresis). */
function deviates({ by, share }: Options, { usual, low, high }: State, value: number): boolean | undefined {
  if (usual === undefined || low === undefined || high === undefined) return undefined
  const nearest = Math.min(high, Math.max(low, value))
  if (Math.abs(value - nearest) > Math.max(by, share * Math.abs(nearest))) return true
  return Math.abs(value - usual) <= Math.max(by, share * Math.abs(usual)) ? false : undefined
}

const roundToThousandth = (value: number): number => Math.round(value * 1000) / 1000

/** The deviation, or the return to normal, has lasted long enough. */
function confirmChange(state: State, { since, detail }: PendingChange, raisedAt: number): State {
  const { pending: _, phase, ...rest } = state
  return phase ? rest : { ...rest, phase: { startedAt: since, raisedAt, detail } }
}

function nextDue(options: Options, { pending }: State): Due | undefined {
  if (!pending) return undefined
  const at = pending.since + options.for
  return at >= pending.lastAt + options.maxAge ? undefined : { at, hub: pending.receivedAt + options.for }
}
