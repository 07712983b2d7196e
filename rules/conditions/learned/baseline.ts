/** Whether a figure is out of what is normal for its own device, and by how much. Pure. */
import { z } from 'zod'
import { median, spread } from '../robust.ts'

/** What makes a figure deviate; of several tests all must say so. Shared by the conditions that know what is normal. */
export const tests = {
  direction: z.enum(['high', 'low', 'both']).default('both'),
  /** So many robust standard deviations (1.4826 times the median absolute deviation) from the median. */
  z: z.number().positive().max(100).optional(),
  /** So much from the median, in the field's unit. */
  by: z.number().positive().optional(),
  /** So many times the median, or less than the median divided by it. */
  factor: z.number().gt(1).optional(),
  /** More than this part of the median away from it: 0.5 = half as much again, or less than half. */
  share: z.number().positive().max(100).optional(),
  /** Nothing is judged where less than this is normal. */
  atLeast: z.number().optional(),
  /** Least standard deviation, in the field's unit, for values that hardly vary; default: 5 % of the median. */
  floor: z.number().positive().optional(),
}

export interface Tests {
  readonly direction: 'high' | 'low' | 'both'
  readonly z?: number | undefined
  readonly by?: number | undefined
  readonly factor?: number | undefined
  readonly share?: number | undefined
  readonly atLeast?: number | undefined
  readonly floor?: number | undefined
  /** The figure is a number of things that happen by chance. */
  readonly counted: boolean
  /** Where few figures are known, their spread is widened before anything deviates: by 1 + caution / known. */
  readonly caution?: number
}

export const hasTest = ({ z: score, by, factor, share }: Partial<Tests>): boolean =>
  [score, by, factor, share].some((test) => test !== undefined)

export const needsTest = 'one of z, by, factor or share is needed'

const floorShare = 0.05

export interface Verdict {
  readonly deviates: boolean
  /** Within half of the limits: what lies between is neither, and ends nothing. */
  readonly isNormal: boolean
  /** The figure, the normal one, and how many robust standard deviations lie between (signed). */
  readonly now: number
  readonly normal: number
  readonly z: number
}

/** `undefined` = cannot be told: nothing known, too little usual, or no telling how much it varies. */
export function judgeFigure(now: number, past: readonly number[], options: Tests): Verdict | undefined {
  const normal = median(past)
  if (normal === undefined || normal < (options.atLeast ?? Number.NEGATIVE_INFINITY)) return undefined
  const score = options.counted ? scoreOfCounts(now, past, options) : scoreOf(now, past, options)
  if (options.z !== undefined && score === undefined) return undefined
  const measured = { now, normal, score: score ?? 0 }
  const wide = 1 + (options.caution ?? 0) / past.length
  const isOff = isOnSide(now - normal, options.direction)
  return {
    deviates: isOff && passes(options, { ...measured, score: measured.score / wide }),
    isNormal: !isOff || !passes(halved(options), measured),
    now,
    normal,
    z: measured.score / wide,
  }
}

/** `undefined` = nothing varies, and nobody said how much it may. */
function scoreOf(now: number, past: readonly number[], { floor }: Tests): number | undefined {
  const normal = median(past) ?? 0
  const scale = Math.max(spread(past, normal) ?? 0, floor ?? floorShare * Math.abs(normal))
  return scale === 0 ? undefined : (now - normal) / scale
}

/**
 * What happens by chance varies by its root, and more upward than downward. Anscombe's 2 √(x + 3/8) makes that a
 * standard deviation of 1, the same both ways, which is the least spread of counts.
 */
function scoreOfCounts(now: number, past: readonly number[], { floor }: Tests): number {
  const normal = median(past) ?? 0
  const least = (floor ?? floorShare * normal) / Math.sqrt(Math.max(normal, 1))
  return (
    scoreOf(evened(now), past.map(evened), {
      direction: 'both',
      counted: false,
      floor: Math.max(1, least),
    }) ?? 0
  )
}

const evened = (count: number): number => 2 * Math.sqrt(Math.max(0, count) + 3 / 8)

const isOnSide = (off: number, direction: Tests['direction']): boolean =>
  direction === 'both' || (direction === 'high' ? off > 0 : off < 0)

interface Measured {
  readonly now: number
  readonly normal: number
  /** How many robust standard deviations lie between them. */
  readonly score: number
}

function passes({ z: limit, by, factor, share }: Tests, { now, normal, score }: Measured): boolean {
  const off = now - normal
  const distance = Math.abs(off)
  if (limit !== undefined && Math.abs(score) < limit) return false
  if (by !== undefined && distance < by) return false
  if (factor !== undefined && (off > 0 ? now < factor * normal : now * factor > normal)) return false
  return share === undefined || distance > share * Math.abs(normal)
}

const half = (limit: number | undefined): number | undefined => limit && limit / 2

function halved(options: Tests): Tests {
  const { z: score, by, factor, share } = options
  return { ...options, z: half(score), by: half(by), factor: factor && Math.sqrt(factor), share: half(share) }
}

/** Six digits are enough to compare with, and keep the state short. */
export const short = (figure: number): number => Number(figure.toPrecision(6))

/** For the reason: two decimals, more for small figures. */
export const readable = (figure: number): number =>
  Math.abs(figure) >= 1 ? Math.round(figure * 100) / 100 : Number(figure.toPrecision(3))
