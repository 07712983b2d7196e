/**
 * A value that is reported again and again without changing: a sensor that died but still transmits.
 *
 * Silence is not frozen: gaps longer than `maxAge` do not count towards `for`, but counting continues after a gap when
 * the value is the same. `raisedAt` is the reading with which the observed time reaches `for`.
 */
import { z } from 'zod'
import { previousValueTime, valueTime } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import { type ConditionBehavior, defineCondition, type Phase, type Sample } from '../condition.ts'

const schema = z.strictObject({
  field: z.string().min(1),
  for: duration.refine((value) => value >= 60_000, 'must be at least 1m'),
  /** Excludes times at which the value may legitimately stay, e.g. an empty bin or a lamp that is off. */
  unless: expressionText.optional(),
  /** Values within this distance of the first one are the same. */
  tolerance: z.number().nonnegative().default(0),
  /** How long a value counts as known; default: the offline limit of the device type. */
  maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
})

interface FrozenRun {
  readonly value: number
  /** When the value was first reported. */
  readonly since: number
  /** A reading of the run after which there was no gap. */
  readonly lastAt: number
  /** Time covered up to `lastAt`, gaps excluded, ms. */
  readonly observedFor: number
  readonly phase?: Phase
}

/** 0.42 is within 0.02 of 0.4, although their binary difference is slightly larger. */
const rounding = 1e-9
const dayMs = 86_400_000

export const frozen = defineCondition({
  name: 'stuck',
  about: 'device',
  schema,
  formerStateKeys: { last: 'lastAt', told: 'observedFor' },
  build(options, context): ConditionBehavior<FrozenRun> {
    const slots = context.numberField(options.field, 'field')
    const unless = options.unless === undefined ? undefined : context.expression(options.unless, 'unless')
    const maxAge = options.maxAge ?? context.offlineAfter
    const limits = { for: options.for, maxAge }
    const tolerance = options.tolerance + rounding
    const isSame = (value: number, other: number): boolean => Math.abs(value - other) <= tolerance
    return {
      // A repeated value is no change, and exactly what this condition looks for.
      needsRepeatedReadings: true,
      step(state, sample) {
        const { scope, ts } = sample
        const slot = slots.get(scope.type) ?? -1
        const value = scope.reported[slot]
        if (typeof value !== 'number') return state
        const before = scope.previous[slot]
        const run = state && isSame(value, state.value) ? state : undefined
        if (!run && (typeof before !== 'number' || !isSame(value, before))) return undefined
        if (unless) {
          scope.minTime = ts - maxAge
          const isExcused = unless(scope)
          if (isExcused === true) return undefined
          if (isExcused === undefined)
            return state && !state.phase ? skipGap(state, sample, previousValueTime(scope, slot)) : state
        }
        if (run?.phase) return run
        if (sample.muted) return undefined
        const previousAt = previousValueTime(scope, slot)
        const started = run ?? {
          value: before as number,
          since: previousAt,
          lastAt: previousAt,
          observedFor: 0,
        }
        return extendRun(started, sample, { ...limits, previousAt })
      },
      phase: (state) => state?.phase,
      onClockRegression: (state) => state,
      // A changing value has no state, yet it is known not to be frozen.
      isUnknown: (_, scope) => valueTime(scope, slots.get(scope.type) ?? -1) < scope.now - maxAge,
    }
  },
})

interface Extension {
  readonly for: number
  readonly maxAge: number
  /** Event time (ms) of the previous report of the value. */
  readonly previousAt: number
}

/** The value was reported again. State starts with the second report and does not change until a gap or the limit. */
function extendRun(run: FrozenRun, sample: Sample, { for: limit, maxAge, previousAt }: Extension): FrozenRun {
  const { ts } = sample
  const ahead = run.lastAt - ts
  // Clock regression: shift the run so that its length stays.
  if (ahead > 0) return { ...run, since: run.since - ahead, lastAt: ts }
  if (ts - previousAt > maxAge) return skipGap(run, sample, previousAt)
  const observedFor = run.observedFor + ts - run.lastAt
  if (observedFor < limit) return run
  const days = Math.round(((ts - run.since) / dayMs) * 10) / 10
  const detail = { value: run.value, days }
  return { ...run, lastAt: ts, observedFor, phase: { startedAt: run.since, raisedAt: ts, detail } }
}

/** Counts the time up to the previous report, but not the gap after it. */
function skipGap(run: FrozenRun, { ts }: Sample, previousAt: number): FrozenRun {
  return { ...run, observedFor: run.observedFor + Math.max(0, previousAt - run.lastAt), lastAt: ts }
}
