/** Compares a figure with the baseline of its own device: the median of its history and how much it usually varies. Pure. */
import { z } from 'zod'
import { median, scaledMad } from '../robust.ts'

/** Options that define when a figure deviates; when several limits are given, all must be exceeded. */
export const limitOptions = {
  direction: z.enum(['high', 'low', 'both']).default('both'),
  /** Distance from the median in robust standard deviations (1.4826 x median absolute deviation). */
  z: z.number().positive().max(100).optional(),
  /** Distance from the median, in the field's unit. */
  by: z.number().positive().optional(),
  /** At least this multiple of the median, or at most the median divided by it. */
  factor: z.number().gt(1).optional(),
  /** Distance from the median as a share of it: 0.5 = more than half above, or more than half below. */
  share: z.number().positive().max(100).optional(),
  /** Not evaluated where the median is lower than this. */
  atLeast: z.number().optional(),
  /** Lower bound of the standard deviation, in the field's unit, for values that hardly vary; default: 5 % of the median. */
  floor: z.number().positive().optional(),
}

export interface Limits {
  readonly direction: 'high' | 'low' | 'both'
  readonly z?: number | undefined
  readonly by?: number | undefined
  readonly factor?: number | undefined
  readonly share?: number | undefined
  readonly atLeast?: number | undefined
  readonly floor?: number | undefined
  /** The figure is a count of random events. */
  readonly counted: boolean
  /** Widens the standard deviation of a short history by 1 + caution / length before anything deviates. */
  readonly caution?: number
}

export const hasLimit = ({ z: score, by, factor, share }: Partial<Limits>): boolean =>
  [score, by, factor, share].some((limit) => limit !== undefined)

export const limitRequired = 'one of z, by, factor or share is needed'

const floorShare = 0.05

export interface Comparison {
  readonly deviates: boolean
  /** Within half of the limits. Between half and the full limit a figure is neither (hysteresis). */
  readonly isNormal: boolean
  readonly value: number
  /** Median of the history. */
  readonly baseline: number
  /** Signed distance in robust standard deviations. */
  readonly z: number
}

/** `undefined` when it cannot be decided: no history, a baseline below `atLeast`, or an unknown spread. */
export function compareWithBaseline(
  value: number,
  history: readonly number[],
  limits: Limits,
): Comparison | undefined {
  const baseline = median(history)
  if (baseline === undefined || baseline < (limits.atLeast ?? Number.NEGATIVE_INFINITY)) return undefined
  const score = limits.counted ? scoreOfCount(value, history, limits) : scoreOf(value, history, limits)
  if (limits.z !== undefined && score === undefined) return undefined
  const distance = { value, baseline, score: score ?? 0 }
  const widening = 1 + (limits.caution ?? 0) / history.length
  const isOnSide = matchesDirection(value - baseline, limits.direction)
  return {
    deviates: isOnSide && exceeds(limits, { ...distance, score: distance.score / widening }),
    isNormal: !isOnSide || !exceeds(halved(limits), distance),
    value,
    baseline,
    z: distance.score / widening,
  }
}

/** `undefined` when the history does not vary and there is no floor. */
function scoreOf(value: number, history: readonly number[], { floor }: Limits): number | undefined {
  const baseline = median(history) ?? 0
  const sigma = Math.max(scaledMad(history, baseline) ?? 0, floor ?? floorShare * Math.abs(baseline))
  return sigma === 0 ? undefined : (value - baseline) / sigma
}

/**
 * Random counts vary by their square root, and more upward than downward. Anscombe's transform 2 √(x + 3/8) gives them
 * a standard deviation of 1 in both directions, which is also the lower bound used here.
 */
function scoreOfCount(value: number, history: readonly number[], { floor }: Limits): number {
  const baseline = median(history) ?? 0
  const minSigma = (floor ?? floorShare * baseline) / Math.sqrt(Math.max(baseline, 1))
  return (
    scoreOf(anscombe(value), history.map(anscombe), {
      direction: 'both',
      counted: false,
      floor: Math.max(1, minSigma),
    }) ?? 0
  )
}

const anscombe = (count: number): number => 2 * Math.sqrt(Math.max(0, count) + 3 / 8)

const matchesDirection = (difference: number, direction: Limits['direction']): boolean =>
  direction === 'both' || (direction === 'high' ? difference > 0 : difference < 0)

interface Distance {
  readonly value: number
  readonly baseline: number
  /** In robust standard deviations. */
  readonly score: number
}

function exceeds({ z: limit, by, factor, share }: Limits, { value, baseline, score }: Distance): boolean {
  const difference = value - baseline
  const distance = Math.abs(difference)
  if (limit !== undefined && Math.abs(score) < limit) return false
  if (by !== undefined && distance < by) return false
  if (factor !== undefined && (difference > 0 ? value < factor * baseline : value * factor > baseline))
    return false
  return share === undefined || distance > share * Math.abs(baseline)
}

const half = (limit: number | undefined): number | undefined => limit && limit / 2

function halved(limits: Limits): Limits {
  const { z: score, by, factor, share } = limits
  return { ...limits, z: half(score), by: half(by), factor: factor && Math.sqrt(factor), share: half(share) }
}

/** Six significant digits: enough for comparisons, and short in the state. */
export const roundForState = (figure: number): number => Number(figure.toPrecision(6))

/** Figures of a comparison for reasons and evidence. */
export const comparisonDetail = ({ value, baseline, z: score }: Comparison) => ({
  normal: roundForDisplay(baseline),
  now: roundForDisplay(value),
  z: roundForDisplay(score),
})

/** For reasons: two decimals, more for small figures. */
export const roundForDisplay = (figure: number): number =>
  Math.abs(figure) >= 1 ? Math.round(figure * 100) / 100 : Number(figure.toPrecision(3))
