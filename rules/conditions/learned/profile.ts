/**
 * A value that is not what it was at this time of day: off the median of the last days by more than `by` and more than
 * `share` of it, for `for`. Several fields (the phases of a line) are added up.
 *
 * Sampled every five minutes by local time. It is compared with all that is usual within `guard` before and after, so that
 * a line that is switched or dimmed some minutes earlier than yesterday is no news: what lies between is unknown. Nothing
 * is said of a time of day that fewer than `data` of the days know. A change that stays becomes usual within half of the
 * days, and then it is over. When the zone changes its offset it begins anew: what follows the sun is an hour away by the
 * clock, what follows the clock is not, and nobody knows which it is.
 */
import { z } from 'zod'
import { type Scope, valueTime } from '../../expression/scope.ts'
import { duration } from '../../schema/fields.ts'
import { type Condition, type Due, defineCondition, type Phase, type Sample } from '../condition.ts'
import { blankLine, slotMs, slots, usualAt, writeSlot } from './day-curve.ts'

const dayMs = 86_400_000

const schema = z.strictObject({
  fields: z.array(z.string().min(1)).min(1).max(8),
  by: z.number().positive(),
  share: z.number().min(0).max(10).default(0),
  for: duration.default(0),
  days: z.int().min(2).max(14),
  /** Part of the days that must know a time of day, 0-1. */
  data: z.number().gt(0).max(1).default(0.7),
  guard: duration.default(600_000),
  hold: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
})

interface Options extends Omit<z.output<typeof schema>, 'fields'> {
  readonly fields: readonly ReadonlyMap<string, number>[]
  readonly hold: number
  /** What the lines count in. */
  readonly step: number
}

/** Since when it is off (or, in an episode, usual again), and a reading that said so. */
interface Stretch {
  readonly since: number
  readonly hub: number
  readonly last: number
  /** The value then, and what is usual. */
  readonly detail: Phase['detail']
}

interface State {
  /** The local day and time of day of the newest sample. */
  readonly day: number
  readonly slot: number
  /** Local time minus UTC then, ms. */
  readonly ahead?: number
  readonly today: string
  /** The days before, oldest first. */
  readonly past: readonly string[]
  /** What is usual at this time of day, and around it; absent = not known. */
  readonly usual?: number
  readonly low?: number
  readonly high?: number
  readonly off?: Stretch
  readonly phase?: Phase
}

/** Kept from falling out of each other: a longer absence begins anew, because nights change. */
const longestGapDays = 7
/** A hundredth of what matters is not seen. */
const fineness = 100
const parts = 4

export const profile = defineCondition({
  name: 'profile',
  about: 'device',
  schema,
  build(spec, context): Condition<State> {
    const fields = spec.fields.map((field, index) => context.numberField(field, 'fields', index))
    const hold = spec.hold ?? context.offlineAfter
    return createProfile({ ...spec, fields, hold, step: spec.by / fineness })
  },
})

function createProfile(options: Options): Condition<State> {
  return {
    clock: 'device',
    acceptsLate: false,
    needsRepeatedReadings: false,
    clearedByPerson: false,
    maxAge: options.hold,
    applies: () => true,
    step(state, moment) {
      const { scope, ts } = moment
      const value = sumOf(options, scope, ts)
      if (value === undefined) return state
      const ahead = scope.location?.offset(ts) ?? 0
      const local = ts + ahead
      const day = Math.floor(local / dayMs)
      const slot = Math.floor((local - day * dayMs) / slotMs)
      const isSample = !state || day !== state.day || slot !== state.slot
      const known = isSample ? sample(options, state, { day, slot, ahead, value }) : state
      return judge(options, known, { value, moment })
    },
    due: (state) => (state ? nextDue(options, state) : undefined),
    fire(state, { at }) {
      if (!state?.off) return undefined
      return turn(state, state.off, at)
    },
    phase: (state) => state?.phase,
    onClockRegression: (state) => ({ ...state, off: undefined }),
  }
}

/** Of the fields the device has ever told; undefined when one of them is missing now. */
function sumOf({ fields, hold }: Options, scope: Scope, ts: number): number | undefined {
  let sum: number | undefined
  let isNews = false
  for (const places of fields) {
    const slot = places.get(scope.type) ?? -1
    const at = valueTime(scope, slot)
    if (at === 0) continue
    const value = scope.slots[slot]
    if (typeof value !== 'number' || at < ts - hold) return undefined
    if (scope.reported[slot] !== undefined) isNews = true
    sum = (sum ?? 0) + value
  }
  return isNews ? sum : undefined
}

interface FiveMinutes {
  readonly day: number
  readonly slot: number
  readonly ahead: number
  readonly value: number
}

function sample(options: Options, state: State | undefined, { day, slot, ahead, value }: FiveMinutes): State {
  const apart = state ? day - state.day : 0
  const isNew = !state || apart > longestGapDays || (state.ahead ?? ahead) !== ahead
  const before = isNew ? [] : apart > 0 ? [...state.past, state.today].slice(-options.days) : state.past
  // A clock that was set back: the day that was going on is given up, what was learned is not.
  const line = isNew || apart !== 0 ? blankLine : state.today
  const today = writeSlot(line, slot, value / options.step)
  return {
    day,
    slot,
    ahead,
    today,
    past: before,
    ...usualAround(options, before, slot),
    off: state?.off,
    phase: state?.phase,
  }
}

/** The least and most of what is usual within the guard; nothing when this very time of day is not known. */
function usualAround(
  options: Options,
  past: readonly string[],
  slot: number,
): Pick<State, 'usual' | 'low' | 'high'> {
  const { step, guard, days, data } = options
  const least = Math.ceil(days * data - 1e-9)
  const usual = past.length < least ? undefined : usualAt(past, slot, least)
  if (usual === undefined) return {}
  let low = usual
  let high = usual
  const reach = Math.ceil(guard / slotMs)
  for (let away = -reach; away <= reach; away += 1) {
    const other = usualAt(past, (slot + away + slots) % slots, least)
    if (other === undefined) continue
    low = Math.min(low, other)
    high = Math.max(high, other)
  }
  return { usual: usual * step, low: low * step, high: high * step }
}

interface Told {
  readonly value: number
  readonly moment: Sample
}

function judge(options: Options, state: State, { value, moment }: Told): State {
  const { off, phase, usual } = state
  const isOff = deviates(options, state, value)
  const isNews = isOff !== undefined && isOff !== (phase !== undefined)
  if (usual === undefined || !isNews || (isOff && moment.muted))
    return off ? { ...state, off: undefined } : state
  const { ts, receivedAt } = moment
  const goesOn = off !== undefined && ts - off.last <= options.hold
  if (goesOn && ts < off.since + options.for && ts - off.last < options.hold / parts) return state
  const detail = { now: readable(value), usual: readable(usual) }
  const stretch = goesOn ? { ...off, last: ts } : { since: ts, hub: receivedAt, last: ts, detail }
  const end = stretch.since + options.for
  return ts < end ? { ...state, off: stretch } : turn(state, stretch, end)
}

/** Beyond all that is usual around now; false only near what is usual now. */
function deviates({ by, share }: Options, { usual, low, high }: State, value: number): boolean | undefined {
  if (usual === undefined || low === undefined || high === undefined) return undefined
  const nearest = Math.min(high, Math.max(low, value))
  if (Math.abs(value - nearest) > Math.max(by, share * Math.abs(nearest))) return true
  return Math.abs(value - usual) <= Math.max(by, share * Math.abs(usual)) ? false : undefined
}

const readable = (value: number): number => Math.round(value * 1000) / 1000

/** It has been off (or usual again) for long enough. */
function turn(state: State, { since, detail }: Stretch, raisedAt: number): State {
  const { off: _, phase, ...rest } = state
  return phase ? rest : { ...rest, phase: { startedAt: since, raisedAt, detail } }
}

function nextDue(options: Options, { off }: State): Due | undefined {
  if (!off) return undefined
  const at = off.since + options.for
  return at >= off.last + options.hold ? undefined : { at, hub: off.hub + options.for }
}
