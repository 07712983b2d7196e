/**
 * A predicate that holds for a time: `when` true for `for`, until `clear` (default: `when` false) for `clearFor`. While `when`
 * is true nothing is over, whatever `clear` says: thresholds that cross would tell the same thing anew with every reading.
 *
 * A value holds until the next reading, but at most for `hold`: a gap is unknown, which neither begins, confirms nor
 * clears anything. `raisedAt` is always the first true reading + `for` (or the reading that completes `samples`,
 * when that is later), whether the next reading or the hub's timer confirms it. After the hub was deaf its timer waits for
 * what devices kept meanwhile, because a value may have changed unheard; only what is critical is told at once.
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
  /** Readings that must have shown it. */
  samples: z.int().min(1).max(1000).default(1),
  clear: expressionText.optional(),
  clearFor: duration.default(0),
  /** It does not end before `when` was last true so long ago. */
  keepFiring: duration.default(0),
  /** How long a value is believed; default: the offline limit of the device type. */
  maxAge: duration.refine((value) => value >= 60_000, 'must be at least 1m').optional(),
})

interface Options {
  readonly when: Evaluate<boolean>
  readonly for: number
  readonly samples: number
  readonly clear: Evaluate<boolean> | undefined
  readonly clearFor: number
  readonly keepFiring: number
  readonly hold: number
  /** Not told later for anything. */
  readonly urgent: boolean
}

interface State {
  /** First true reading, by the device's and by the hub's clock. */
  readonly since: number
  readonly hub: number
  /** Newest reading known to be true. */
  readonly last: number
  readonly samples: number
  readonly phase?: Phase
  /** Since when `clear` holds, and the newest reading that said so. */
  readonly clear?: { readonly since: number; readonly hub: number; readonly last: number }
}

export const predicate = defineCondition({
  name: 'predicate',
  about: 'device',
  schema,
  build(options, context: BuildContext): ConditionBehavior<State> {
    return createPredicate({
      ...options,
      when: context.expression(options.when, 'when'),
      clear: options.clear === undefined ? undefined : context.expression(options.clear, 'clear'),
      hold: options.maxAge ?? context.offlineAfter,
      urgent: context.severity === 'critical',
    })
  },
})

function createPredicate(options: Options): ConditionBehavior<State> {
  return {
    maxAge: options.hold,
    step(state, moment) {
      const { scope, ts } = moment
      scope.minTime = ts - options.hold
      const when = options.when(scope)
      if (!state) return when === true && !moment.muted ? begin(options, moment) : undefined
      if (state.phase) return whileActive(options, { state, when, moment })
      if (when === false || moment.muted) return undefined
      if (when === undefined) return state
      if (ts - state.last > options.hold) return begin(options, moment)
      return confirm(options, { ...state, last: ts, samples: state.samples + 1 }, moment)
    },
    due(state, _subject, fromReadings) {
      if (!state) return undefined
      const waits = !fromReadings && (state.phase !== undefined || !options.urgent)
      return nextDue(options, state, waits)
    },
    fire(state, due) {
      if (!state || state.phase) return undefined
      return raise(state, due.at)
    },
    phase: (state) => state?.phase,
    isUnknown(_state, scope) {
      scope.minTime = scope.now - options.hold
      return options.when(scope) === undefined
    },
  }
}

/** What may have been said while the hub was deaf comes first. */
const hubGrace = 300_000

function begin(options: Options, moment: Sample): State {
  const { ts, receivedAt } = moment
  return confirm(options, { since: ts, hub: receivedAt, last: ts, samples: 1 }, moment)
}

/**
 * The time may be over with this reading; timers due before it have fired already, or wait because the hub was deaf: what
 * was known before this reading is enough for those, and they give it its time.
 */
function confirm(options: Options, state: State, { ts }: Sample): State {
  const over = state.since + options.for
  if (state.samples < options.samples || ts < over) return state
  return state.samples > options.samples && ts > over ? state : raise(state, ts)
}

const raise = (state: State, raisedAt: number): State => ({
  ...state,
  phase: { startedAt: state.since, raisedAt },
})

interface ActiveStep {
  readonly state: State
  readonly when: boolean | undefined
  readonly moment: Sample
}

function whileActive(options: Options, { state, when, moment }: ActiveStep): State | undefined {
  const { ts, receivedAt, scope } = moment
  const clear = when !== true && options.clear ? options.clear(scope) : when === undefined ? undefined : !when
  const last = when === true && options.keepFiring > 0 ? ts : state.last
  if (clear === true) {
    const clearing = { since: state.clear?.since ?? ts, hub: state.clear?.hub ?? receivedAt, last: ts }
    return endOf(options, last, clearing.since) <= ts ? undefined : { ...state, last, clear: clearing }
  }
  const kept = clear === false ? undefined : state.clear
  return last === state.last && kept === state.clear ? state : { ...state, last, clear: kept }
}

const endOf = (options: Options, last: number, clearSince: number): number =>
  options.keepFiring > 0
    ? Math.max(clearSince + options.clearFor, last + options.keepFiring)
    : clearSince + options.clearFor

/** `waits`: after the hub was deaf, for what was kept. */
function nextDue(options: Options, state: State, waits: boolean): Due | undefined {
  if (!state.phase) {
    const at = state.since + options.for
    if (state.samples < options.samples || at >= state.last + options.hold) return undefined
    return dueAt(at, state.hub + options.for, waits)
  }
  if (!state.clear) return undefined
  const at = endOf(options, state.last, state.clear.since)
  if (at >= state.clear.last + options.hold) return undefined
  return dueAt(at, state.clear.hub + (at - state.clear.since), waits)
}

const dueAt = (at: number, hub: number, waits: boolean): Due =>
  waits ? { at, hub, grace: hubGrace, lasting: true } : { at, hub }
