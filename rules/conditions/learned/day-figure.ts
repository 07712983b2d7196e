/** How a day of readings becomes one figure: of samples taken hourly, of the increase of a counter, of things counted. */
import type { Evaluate } from '../../expression/scope.ts'
import type { Sample } from '../condition.ts'
import { median } from '../robust.ts'

/** What is kept of the day so far: a few numbers, whose meaning only the figure knows. */
export type Parts = readonly number[]

export interface DayFigure {
  /** Readings of one hour are one sample; otherwise the day is looked at as a whole. */
  readonly hourly: boolean
  /** The reading tells something of the figure. */
  sees(moment: Sample): boolean
  /** The first reading of a day; `consecutive` = the one before it was of the day before. */
  begin(moment: Sample, consecutive: boolean): Parts
  /** A further reading of the same hour; returns the very parts when it adds nothing. */
  within(parts: Parts, moment: Sample): Parts
  /** A reading while the rule is muted. */
  pause(parts: Parts, moment: Sample): Parts
  /** The first reading of a further hour. */
  next(parts: Parts, moment: Sample): Parts
  /** `moment` is the first reading of a later day. `undefined` = the day has no figure. */
  end(parts: Parts, moment: Sample): number | undefined
}

type Slots = ReadonlyMap<string, number>

export interface Sampled {
  readonly slots: Slots
  /** Only readings of which it is true. */
  readonly when: Evaluate<boolean> | undefined
  readonly hold: number
}

const toldIn = (slots: Slots, { scope }: Sample): number | undefined => {
  const value = scope.reported[slots.get(scope.type) ?? -1]
  return typeof value === 'number' ? value : undefined
}

const knownBefore = (slots: Slots, { scope }: Sample): number | undefined => {
  const value = scope.previous[slots.get(scope.type) ?? -1]
  return typeof value === 'number' ? value : undefined
}

function isSampled({ slots, when, hold }: Sampled, moment: Sample): boolean {
  if (moment.muted || toldIn(slots, moment) === undefined) return false
  if (!when) return true
  moment.scope.minTime = moment.ts - hold
  return when(moment.scope) === true
}

/** One sample an hour, of which `fold` makes the figure. */
export function ofSamples(sampled: Sampled, fold: (samples: Parts) => number | undefined): DayFigure {
  const value = (moment: Sample): number => toldIn(sampled.slots, moment) ?? 0
  return {
    hourly: true,
    sees: (moment) => isSampled(sampled, moment),
    begin: (moment) => [value(moment)],
    within: (parts) => parts,
    pause: (parts) => parts,
    next: (parts, moment) => parts.concat(value(moment)),
    end: fold,
  }
}

export const medianOf = (samples: Parts): number | undefined => median(samples)
export const meanOf = (samples: Parts): number => samples.reduce((sum, one) => sum + one, 0) / samples.length

/** The highest reading of the day, not only of its samples. */
export function highest(sampled: Sampled): DayFigure {
  const higher = (parts: Parts, moment: Sample): Parts => {
    const value = toldIn(sampled.slots, moment)
    return value !== undefined && value > (parts[0] as number) && isSampled(sampled, moment) ? [value] : parts
  }
  return {
    hourly: true,
    sees: (moment) => isSampled(sampled, moment),
    begin: (moment) => [toldIn(sampled.slots, moment) ?? 0],
    within: higher,
    pause: (parts) => parts,
    next: higher,
    end: ([value]) => value,
  }
}

/** Kept for weeks by every device: without the room to spare that `flatMap` leaves. */
function twoEach(
  counters: readonly Slots[],
  parts: (slots: Slots, index: number) => [number, number],
): Parts {
  return counters.flatMap(parts).slice()
}

/** No counter stands there. */
const paused = -1

/**
 * By how much a counter grew. A counter that fell began anew (the device was started again, or changed); what it
 * counted until it was heard again is lost. With several counters: of the first for each one of the second.
 */
export function increase(counters: readonly Slots[], leastEach: number): DayFigure {
  // Two numbers a counter: where it stood when it began to count (`paused` = it does not), and what it had counted before.
  const further = (parts: Parts, moment: Sample): Parts => {
    const { reported: own, previous: before, type } = moment.scope
    let grown: number[] | undefined
    for (let index = 0; index < counters.length; index += 1) {
      const slot = (counters[index] as Slots).get(type) ?? -1
      const value = own[slot]
      const stood = before[slot]
      const from = parts[2 * index] as number
      if (typeof value !== 'number' || typeof stood !== 'number' || (value >= stood && from !== paused))
        continue
      grown ??= [...parts]
      if (from !== paused) grown[2 * index + 1] = (grown[2 * index + 1] as number) + stood - from
      grown[2 * index] = value
    }
    return grown ?? parts
  }
  const grownBy = (parts: Parts, index: number, moment: Sample): number => {
    const from = parts[2 * index] as number
    const stood = from === paused ? from : (knownBefore(counters[index] as Slots, moment) ?? from)
    return Math.max(0, stood - from) + (parts[2 * index + 1] as number)
  }
  return {
    hourly: true,
    // Hours in which the rule is muted are not heard: of a lift that is out of service they tell nothing.
    sees: (moment) => !moment.muted && counters.every((slots) => toldIn(slots, moment) !== undefined),
    begin: (moment, consecutive) =>
      twoEach(counters, (slots) => {
        const value = toldIn(slots, moment) ?? 0
        const before = consecutive ? knownBefore(slots, moment) : undefined
        return [before === undefined || before > value ? value : before, 0]
      }),
    within: further,
    // What is counted meanwhile is of nobody.
    pause: (parts, moment) =>
      parts[0] === paused ? parts : twoEach(counters, (_, index) => [paused, grownBy(parts, index, moment)]),
    next: further,
    end(parts, moment) {
      const [grown = 0, each] = counters.map((_, index) => grownBy(parts, index, moment))
      if (each === undefined) return grown
      return each >= Math.max(leastEach, 1) ? grown / each : undefined
    },
  }
}

/** Bits of a small integer. */
const mostMembers = 30

/** How often `when` was true. A day on which one of the devices was not heard at all has no figure. */
export function counted(when: Evaluate<boolean>, hold: number): DayFigure {
  const happens = (moment: Sample): boolean => {
    moment.scope.minTime = moment.ts - hold
    return !moment.muted && when(moment.scope) === true
  }
  const bitOf = ({ member }: Sample): number => bit(Math.min(member, mostMembers - 1))
  const add = (parts: Parts, moment: Sample): Parts => {
    const [times = 0, heard = 0] = parts
    const more = happens(moment)
    if (!more && (heard & bitOf(moment)) !== 0) return parts
    return [times + (more ? 1 : 0), heard | bitOf(moment)]
  }
  return {
    hourly: false,
    sees: ({ offline }) => !offline,
    begin: (moment) => add([0, 0], moment),
    within: add,
    pause: add,
    next: add,
    end([times, heard], { subject }) {
      const all = 2 ** Math.min(subject.members.length, mostMembers) - 1
      return heard === all ? times : undefined
    },
  }
}

/** How many places of a mask are set. */
export function bitsIn(mask: number): number {
  let places = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) places += 1
  return places
}

export const bit = (place: number): number => 1 << place
