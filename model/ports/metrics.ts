/** Counters and gauges as rooms see them; `app/hub.ts` backs them with Prometheus, tests with nothing. */

export interface Counter {
  add(labels?: Readonly<Record<string, string>>, by?: number): void
}

export interface Histogram {
  /** In the unit of the metric's name: seconds, bytes … */
  observe(value: number): void
}

export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): Counter
  gauge(name: string, help: string, read: () => number): void
  histogram(name: string, help: string, buckets: readonly number[]): Histogram
}

export const noMetrics: Metrics = {
  counter: () => ({ add: () => {} }),
  gauge: () => {},
  histogram: () => ({ observe: () => {} }),
}
