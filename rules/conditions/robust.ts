/** Statistics that one wild value cannot move: median, spread and slope. Pure; empty input gives `undefined`. */

/** Makes the median absolute deviation of normally spread values their standard deviation. */
const normal = 1.4826

const ascending = (a: number, b: number): number => a - b

/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  return middleOf([...values].sort(ascending))
}

/** As `median`, of values that are in order already. */
function middleOf(sorted: readonly number[]): number {
  const half = sorted.length >> 1
  const upper = sorted[half] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2
}

/** Robust standard deviation: 1.4826 times the median distance from `center`. 0 when more than half are equal to it. */
export function spread(values: readonly number[], center: number): number | undefined {
  const distance = median(values.map((value) => Math.abs(value - center)))
  return distance === undefined ? undefined : normal * distance
}

export interface Trend {
  /** Of y per unit of x: the median of the slopes of all pairs. */
  readonly slope: number
  /** Three quarters of the pairs are steeper than this; above 0 it really goes up. */
  readonly lower: number
}

/**
 * Theil-Sen: up to 29 % of the points may be wild. `undefined` when there are not two points with different x.
 * Quadratic, so for some dozens of points.
 */
export function theilSen(xs: readonly number[], ys: readonly number[]): Trend | undefined {
  const slopes: number[] = []
  for (let right = 1; right < xs.length; right += 1) {
    for (let left = 0; left < right; left += 1) {
      const run = (xs[right] as number) - (xs[left] as number)
      if (run !== 0) slopes.push(((ys[right] as number) - (ys[left] as number)) / run)
    }
  }
  if (slopes.length === 0) return undefined
  slopes.sort(ascending)
  return { slope: middleOf(slopes), lower: slopes[slopes.length >> 2] as number }
}
