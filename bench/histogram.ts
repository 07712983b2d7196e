/** Latencies in bins of 50 µs up to 10 s: quantiles without storing every value. */

const BIN_MS = 0.05
const BINS = 200_000

export interface Histogram {
  record(ms: number): void
  /** Upper end of the bin, ms; 0 when empty. */
  quantile(q: number): number
  max(): number
}

/** An empty histogram; values above 10 s count as 10 s. */
export function latencyHistogram(): Histogram {
  const bins = new Uint32Array(BINS + 1)
  let count = 0
  let max = 0
  return {
    record(ms) {
      const bin = Math.min(BINS, Math.max(0, Math.floor(ms / BIN_MS)))
      bins[bin] = (bins[bin] as number) + 1
      count++
      if (ms > max) max = ms
    },
    quantile(q) {
      let left = Math.ceil(count * q)
      for (let bin = 0; bin <= BINS && count > 0; bin++) {
        left -= bins[bin] as number
        if (left <= 0) return (bin + 1) * BIN_MS
      }
      return 0
    },
    max: () => max,
  }
}
