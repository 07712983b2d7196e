/** Aggregates: how the readings of a period (a day, an hour) become one figure. */
import type { Evaluate } from '../../expression/scope.ts'
import type { Sample } from '../condition.ts'
import { median } from '../robust.ts'

/** Running state of an aggregate: a few numbers whose meaning only the aggregate knows. */
export type Accumulator = readonly number[]

export interface Aggregate {
  /** At most one sample per slot (an hour) counts; otherwise every reading does. */
  readonly hourly: boolean
  /** False when the reading contributes nothing. */
  accepts(sample: Sample): boolean
  /** First reading of a period; `consecutive` = the previous reading was in the period directly before. */
  start(sample: Sample, consecutive: boolean): Accumulator
  /** A further reading of the same slot; returns the same object when nothing changes. */
  update(accumulator: Accumulator, sample: Sample): Accumulator
  /** A reading while the rule is muted. */
  pause(accumulator: Accumulator, sample: Sample): Accumulator
  /** First reading of a further slot. */
  nextSlot(accumulator: Accumulator, sample: Sample): Accumulator
  /** `sample` is the first reading of a later period. `undefined` = the period has no figure. */
  finish(accumulator: Accumulator, sample: Sample): number | undefined
}

/** Place of a field in the scope, by device type. */
type FieldSlots = ReadonlyMap<string, number>

interface SampledField {
  readonly slots: FieldSlots
  /** Only readings for which it is true count. */
  readonly when: Evaluate<boolean> | undefined
  readonly maxAge: number
}

const reportedValue = (slots: FieldSlots, { scope }: Sample): number | undefined => {
  const value = scope.reported[slots.get(scope.type) ?? -1]
  return typeof value === 'number' ? value : undefined
}

const previousValue = (slots: FieldSlots, { scope }: Sample): number | undefined => {
  const value = scope.previous[slots.get(scope.type) ?? -1]
  return typeof value === 'number' ? value : undefined
}

function isSampled({ slots, when, maxAge }: SampledField, sample: Sample): boolean {
  if (sample.muted || reportedValue(slots, sample) === undefined) return false
  if (!when) return true
  sample.scope.minTime = sample.ts - maxAge
  return when(sample.scope) === true
}

/** One sample per hour; `fold` turns them into the figure. */
export function hourlySamples(
  field: SampledField,
  fold: (samples: Accumulator) => number | undefined,
): Aggregate {
  const value = (sample: Sample): number => reportedValue(field.slots, sample) ?? 0
  return {
    hourly: true,
    accepts: (sample) => isSampled(field, sample),
    start: (sample) => [value(sample)],
    update: (samples) => samples,
    pause: (samples) => samples,
    nextSlot: (samples, sample) => samples.concat(value(sample)),
    finish: fold,
  }
}

export const medianOf = (samples: Accumulator): number | undefined => median(samples)
export const meanOf = (samples: Accumulator): number =>
  samples.reduce((sum, one) => sum + one, 0) / samples.length

/** Highest reading of the period, not only of its hourly samples. */
export function maximum(field: SampledField): Aggregate {
  const higher = (highest: Accumulator, sample: Sample): Accumulator => {
    const value = reportedValue(field.slots, sample)
    return value !== undefined && value > (highest[0] as number) && isSampled(field, sample)
      ? [value]
      : highest
  }
  return {
    hourly: true,
    accepts: (sample) => isSampled(field, sample),
    start: (sample) => [reportedValue(field.slots, sample) ?? 0],
    update: higher,
    pause: (highest) => highest,
    nextSlot: higher,
    finish: ([value]) => value,
  }
}

/** `slice` drops the spare capacity that `flatMap` leaves: every device keeps this array for weeks. */
function twoPerCounter(
  counters: readonly FieldSlots[],
  numbers: (slots: FieldSlots, index: number) => [number, number],
): Accumulator {
  return counters.flatMap(numbers).slice()
}

/** Start value of a counter that is not counting; no real counter has it. */
const paused = -1

/**
 * Increase of a counter. A counter that fell was reset (device restarted or replaced); what it counted before its next
 * reading is lost. With two counters: increase of the first per increase of the second, at least `minDivisor`.
 */
export function counterIncrease(counters: readonly FieldSlots[], minDivisor: number): Aggregate {
  // Two numbers per counter: its value when counting started (or `paused`), and the increase before that.
  const countOn = (accumulator: Accumulator, sample: Sample): Accumulator => {
    const { reported, previous, type } = sample.scope
    let next: number[] | undefined
    for (let index = 0; index < counters.length; index += 1) {
      const slot = (counters[index] as FieldSlots).get(type) ?? -1
      const value = reported[slot]
      const before = previous[slot]
      const start = accumulator[2 * index] as number
      if (typeof value !== 'number' || typeof before !== 'number' || (value >= before && start !== paused))
        continue
      next ??= [...accumulator]
      if (start !== paused) next[2 * index + 1] = (next[2 * index + 1] as number) + before - start
      next[2 * index] = value
    }
    return next ?? accumulator
  }
  const increaseOf = (accumulator: Accumulator, index: number, sample: Sample): number => {
    const start = accumulator[2 * index] as number
    const end = start === paused ? start : (previousValue(counters[index] as FieldSlots, sample) ?? start)
    return Math.max(0, end - start) + (accumulator[2 * index + 1] as number)
  }
  return {
    hourly: true,
    // Muted slots do not count as covered, e.g. while a lift is out of service.
    accepts: (sample) =>
      !sample.muted && counters.every((slots) => reportedValue(slots, sample) !== undefined),
    start: (sample, consecutive) =>
      twoPerCounter(counters, (slots) => {
        const value = reportedValue(slots, sample) ?? 0
        const before = consecutive ? previousValue(slots, sample) : undefined
        return [before === undefined || before > value ? value : before, 0]
      }),
    update: countOn,
    // The increase while muted belongs to no period.
    pause: (accumulator, sample) =>
      accumulator[0] === paused
        ? accumulator
        : twoPerCounter(counters, (_, index) => [paused, increaseOf(accumulator, index, sample)]),
    nextSlot: countOn,
    finish(accumulator, sample) {
      const [increase = 0, divisor] = counters.map((_, index) => increaseOf(accumulator, index, sample))
      if (divisor === undefined) return increase
      return divisor >= Math.max(minDivisor, 1) ? increase / divisor : undefined
    },
  }
}

/** Members fit into the bits of a small integer. */
const maxMembers = 30

/** Number of readings for which `when` is true. A period in which some member sent nothing has no figure. */
export function eventCount(when: Evaluate<boolean>, maxAge: number): Aggregate {
  const isEvent = (sample: Sample): boolean => {
    sample.scope.minTime = sample.ts - maxAge
    return !sample.muted && when(sample.scope) === true
  }
  const memberBit = ({ member }: Sample): number => bit(Math.min(member, maxMembers - 1))
  const add = (accumulator: Accumulator, sample: Sample): Accumulator => {
    const [count = 0, seenMembers = 0] = accumulator
    const counts = isEvent(sample)
    if (!counts && (seenMembers & memberBit(sample)) !== 0) return accumulator
    return [count + (counts ? 1 : 0), seenMembers | memberBit(sample)]
  }
  return {
    hourly: false,
    accepts: ({ offline }) => !offline,
    start: (sample) => add([0, 0], sample),
    update: add,
    pause: add,
    nextSlot: add,
    finish([count, seenMembers], { subject }) {
      const allMembers = 2 ** Math.min(subject.members.length, maxMembers) - 1
      return seenMembers === allMembers ? count : undefined
    },
  }
}

/** Number of bits set in a mask. */
export function countBits(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1
  return count
}

export const bit = (place: number): number => 1 << place
