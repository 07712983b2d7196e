/**
 * Splits the readings of a subject into periods of local time (hours, a day) and aggregates each into one figure. A figure is
 * known if at least half of the slots that usually have readings had some. Pure.
 */
import type { Phase, Sample } from '../condition.ts'
import { localTime } from '../local-time.ts'
import { type Accumulator, type Aggregate, bit, countBits } from './aggregate.ts'

export interface PeriodState {
  /** Identifies the learned figures; when it changes, learning starts again. */
  readonly definition: string
  /** End of the current slot, event time. */
  readonly slotEnd: number
  /** Current period: its local day, its index within the day and its start. */
  readonly day: number
  readonly period: number
  readonly periodStart: number
  /** Bits of the slots with readings. */
  readonly coverage: number
  readonly accumulator: Accumulator
  /** Slots covered in a usual period; undefined during the first period, which is seldom complete. */
  readonly usualCoverage?: number | undefined
  readonly phase?: Phase | undefined
}

export const formerPeriodKeys = {
  of: 'definition',
  until: 'slotEnd',
  from: 'periodStart',
  heard: 'coverage',
  parts: 'accumulator',
  usual: 'usualCoverage',
} as const

type Place = Pick<PeriodState, 'day' | 'period' | 'periodStart' | 'slotEnd'>

export interface PeriodTracker<S extends PeriodState> {
  readonly aggregate: Aggregate
  readonly definition: string
  /** Length of a period and of its slots, ms. */
  readonly per: number
  readonly slotLength: number
  /** Set in `coverage` when part of a period was muted, which makes its figure unknown; 0 = the rest of the period counts. */
  readonly mutedBit: number
  /** 0 = same period, 1 = the one directly after `from`, negative = before it (clock regression). */
  distance(from: S, to: Place): number
  /** Adds what the condition remembers beside the first period. */
  begin(first: PeriodState): S
  /** After a clock regression to `day`; the current period is dropped. */
  rewind(state: S, day: number): S
  /** The current period ended; `sample` is the first reading after it. */
  close(state: S, sample: Sample): S
}

/** After one reading; the same object when it changes nothing. */
export function stepPeriods<S extends PeriodState>(
  tracker: PeriodTracker<S>,
  state: S | undefined,
  sample: Sample,
): S | undefined {
  const { aggregate, slotLength } = tracker
  if (state && sample.muted) return pausePeriod(tracker, state, sample)
  if (state && sample.ts < state.slotEnd && sample.ts >= state.slotEnd - slotLength)
    return withAccumulator(state, aggregate.update(state.accumulator, sample))
  return aggregate.accepts(sample) ? startSlot(tracker, state, sample) : state
}

const withAccumulator = <S extends PeriodState>(state: S, accumulator: Accumulator): S =>
  accumulator === state.accumulator ? state : { ...state, accumulator }

function pausePeriod<S extends PeriodState>(tracker: PeriodTracker<S>, state: S, sample: Sample): S {
  const { aggregate, mutedBit } = tracker
  const paused = withAccumulator(state, aggregate.pause(state.accumulator, sample))
  const coverage = paused.coverage | mutedBit
  return coverage === paused.coverage ? paused : { ...paused, coverage }
}

/** First reading of another slot, and perhaps of another period. */
function startSlot<S extends PeriodState>(
  tracker: PeriodTracker<S>,
  state: S | undefined,
  sample: Sample,
): S {
  const { aggregate, definition, per, slotLength } = tracker
  const { day, ofDay } = localTime(sample.scope, sample.ts)
  const period = Math.floor(ofDay / per)
  const ofPeriod = ofDay - period * per
  const slot = Math.floor(ofPeriod / slotLength)
  const periodStart = sample.ts - ofPeriod
  const place = { day, period, periodStart, slotEnd: periodStart + (slot + 1) * slotLength }
  const known = state?.definition === definition ? state : undefined
  const distance = known ? tracker.distance(known, place) : Number.NaN
  if (known && distance === 0) {
    const accumulator = aggregate.nextSlot(known.accumulator, sample)
    return { ...known, slotEnd: place.slotEnd, coverage: known.coverage | bit(slot), accumulator }
  }
  const current = { ...place, coverage: bit(slot), accumulator: aggregate.start(sample, distance === 1) }
  if (known)
    return { ...(distance < 0 ? tracker.rewind(known, day) : tracker.close(known, sample)), ...current }
  return tracker.begin({ definition, ...current, usualCoverage: undefined, phase: state?.phase })
}

export interface FinishedPeriod<S> {
  readonly state: S
  /** `undefined` = unknown: too few slots had readings. */
  readonly figure: number | undefined
  /** Number of slots with readings; 0 when part of the period was muted. */
  readonly covered: number
}

/** The figure of the current period, and the state with the usual coverage updated. */
export function finishPeriod<S extends PeriodState>(
  { aggregate, mutedBit }: PeriodTracker<S>,
  state: S,
  sample: Sample,
): FinishedPeriod<S> {
  const covered = state.coverage & mutedBit ? 0 : countBits(state.coverage)
  const { usualCoverage } = state
  // Decays slowly, so that a device that now reports less often is evaluated again after some periods.
  const next =
    covered === 0 ? state : { ...state, usualCoverage: Math.max(covered, (usualCoverage ?? 0) * (15 / 16)) }
  const isComplete =
    usualCoverage !== undefined && covered > 0 && (!aggregate.hourly || covered * 2 >= usualCoverage)
  const figure = isComplete ? aggregate.finish(state.accumulator, sample) : undefined
  return { state: next, figure, covered }
}
