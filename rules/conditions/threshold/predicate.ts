/**
 * A predicate that stays true: `when` is true for `for`, until `clear` (default: `when` is false) is true for `clearFor`.
 * While `when` is true nothing clears, whatever `clear` is: crossing thresholds would raise anew with every reading.
 *
 * A value counts until the next reading, at most for `maxAge`: a gap is unknown, which neither begins, confirms nor
 * clears anything. `raisedAt` is always the first true reading + `for` (or the reading that completes `samples`, when
 * later), whether the next reading or the timer confirms it. After a hub outage the timer waits for readings that devices
 * buffered, because the value may have changed meanwhile; only critical rules raise at once.
 */
import { z } from 'zod'
import type { Evaluate } from '../../expression/scope.ts'
import { duration, expressionText } from '../../schema/fields.ts'
import {
  type BuildContext,
  type ConditionBehavior,
  type Due,
  defineCondition,
  type Phase,
  type Sample,
} from '../condition.ts'

const schema = z.strictObject({
  when: expressionText,
  for: duration.default(0),
  /** Minimum number of true readings. */
  samples: z.int().min(1).max(1000).default(1),
  clear: expressionText.optional(),
  clearFor: duration.default(0),
  /** Minimum time since `when` was last true before it ends. */
  keepFiring: duration.default(0),
  /** How long a value counts as known; default: the offline limit of the device type. */
  maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
})

interface Options {
  readonly when: Evaluate<boolean>
  readonly for: number
  readonly samples: number
  readonly clear: Evaluate<boolean> | undefined
  readonly clearFor: number
  readonly keepFiring: number
  readonly maxAge: number
  /** Critical: does not wait after a hub outage. */
  readonly isUrgent: boolean
}

interface State {
  /** First true reading: event time and hub clock. */
  readonly since: number
  readonly receivedAt: number
  /** Newest reading known to be true. */
  readonly lastAt: number
  readonly samples: number
  readonly phase?: Phase
  /** Since when `clear` is true, and the newest reading with it. */
  readonly clear?: { readonly since: number; readonly receivedAt: number; readonly lastAt: number }
}

export const predicate = defineCondition({
  name: 'predicate',
  about: 'device',
  schema,
  formerStateKeys: { hub: 'receivedAt', last: 'lastAt' },
  build(options, context: BuildContext): ConditionBehavior<State> {
    return createPredicate({
      ...options,
      when: context.expression(options.when, 'when'),
      clear: options.clear === undefined ? undefined : context.expression(options.clear, 'clear'),
      maxAge: options.maxAge ?? context.offlineAfter,
      isUrgent: context.severity === 'critical',
    })
  },
})

function createPredicate(options: Options): ConditionBehavior<State> {
  return {
    maxAge: options.maxAge,
    step(state, sample) {
      const { scope, ts } = sample
      scope.minTime = ts - options.maxAge
      const when = options.when(scope)
      if (!state) return when === true && !sample.muted ? begin(options, sample) : undefined
      if (state.phase) return stepActive(options, { state, when, sample })
      if (when === false || sample.muted) return undefined
      if (when === undefined) return state
      if (ts - state.lastAt > options.maxAge) return begin(options, sample)
      return confirm(options, { ...state, lastAt: ts, samples: state.samples + 1 }, sample)
    },
    due(state, _subject, fromReadings) {
      if (!state) return undefined
      const waits = !fromReadings && (state.phase !== undefined || !options.isUrgent)
      return nextDue(options, state, waits)
    },
    fire(state, due) {
      if (!state || state.phase) return undefined
      return raise(state, due.at)
    },
    phase: (state) => state?.phase,
    isUnknown(_state, scope) {
      scope.minTime = scope.now - options.maxAge
      return options.when(scope) === undefined
    },
  }
}

/** Wait after a hub outage for readings that devices buffered. */
const hubGrace = 300_000

function begin(options: Options, sample: Sample): State {
  const { ts, receivedAt } = sample
  return confirm(options, { since: ts, receivedAt, lastAt: ts, samples: 1 }, sample)
}

/** May complete `for` or `samples` with this reading. A timer that waits after a hub outage sets its own, earlier time. */
function confirm(options: Options, state: State, { ts }: Sample): State {
  const end = state.since + options.for
  if (state.samples < options.samples || ts < end) return state
  return state.samples > options.samples && ts > end ? state : raise(state, ts)
}

const raise = (state: State, raisedAt: number): State => ({
  ...state,
  phase: { startedAt: state.since, raisedAt },
})

interface ActiveStep {
  readonly state: State
  readonly when: boolean | undefined
  readonly sample: Sample
}

function stepActive(options: Options, { state, when, sample }: ActiveStep): State | undefined {
  const { ts, receivedAt, scope } = sample
  const clear = when !== true && options.clear ? options.clear(scope) : when === undefined ? undefined : !when
  const lastAt = when === true && options.keepFiring > 0 ? ts : state.lastAt
  if (clear === true) {
    const clearing = {
      since: state.clear?.since ?? ts,
      receivedAt: state.clear?.receivedAt ?? receivedAt,
      lastAt: ts,
    }
    return endOf(options, lastAt, clearing.since) <= ts ? undefined : { ...state, lastAt, clear: clearing }
  }
  const kept = clear === false ? undefined : state.clear
  return lastAt === state.lastAt && kept === state.clear ? state : { ...state, lastAt, clear: kept }
}

const endOf = (options: Options, lastAt: number, clearSince: number): number =>
  options.keepFiring > 0
    ? Math.max(clearSince + options.clearFor, lastAt + options.keepFiring)
    : clearSince + options.clearFor

/** `waits`: after a hub outage, for buffered readings. */
function nextDue(options: Options, state: State, waits: boolean): Due | undefined {
  if (!state.phase) {
    const at = state.since + options.for
    if (state.samples < options.samples || at >= state.lastAt + options.maxAge) return undefined
    return dueAt(at, state.receivedAt + options.for, waits)
  }
  if (!state.clear) return undefined
  const at = endOf(options, state.lastAt, state.clear.since)
  if (at >= state.clear.lastAt + options.maxAge) return undefined
  return dueAt(at, state.clear.receivedAt + (at - state.clear.since), waits)
}

const dueAt = (at: number, hub: number, waits: boolean): Due =>
  waits ? { at, hub, grace: hubGrace, lasting: true } : { at, hub }
