/** Robust statistics, which single outliers do not move: median, scaled MAD and Theil-Sen slope. Pure; `undefined` for empty input. */

/** Makes the median absolute deviation of normally distributed values equal their standard deviation. */
const madToSigma = 1.4826

const ascending = (a: number, b: number): number => a - b

/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  return medianOfSorted([...values].sort(ascending))
}

function medianOfSorted(sorted: readonly number[]): number {
  const half = sorted.length >> 1
  const upper = sorted[half] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2
}

/** Robust standard deviation: 1.4826 x median absolute deviation from `center`. 0 when more than half of the values equal it. */
export function scaledMad(values: readonly number[], center: number): number | undefined {
  const mad = median(values.map((value) => Math.abs(value - center)))
  return mad === undefined ? undefined : madToSigma * mad
}

interface Trend {
  /** y per unit of x: the median slope of all pairs of points. */
  readonly slope: number
  /** First quartile of those slopes; above 0 the values clearly rise. */
  readonly lowerQuartile: number
}

/**
 * Theil-Sen estimator; tolerates up to 29 % outliers. `undefined` without two points of different x.
 * Quadratic in the number of points: use it for some dozens.
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
  return { slope: medianOfSorted(slopes), lowerQuartile: slopes[slopes.length >> 2] as number }
}
