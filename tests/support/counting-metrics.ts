/** Metrics that a test can read: `name label-value …` to count. */
import { type Metrics, noMetrics } from '../../model/ports/metrics.ts'

export function countingMetrics(prefix: string): { metrics: Metrics; counts: ReadonlyMap<string, number> } {
  const counts = new Map<string, number>()
  const shortName = (name: string): string => name.slice(prefix.length).replace(/_total$/, '')
  const metrics: Metrics = {
    ...noMetrics,
    counter: (name) => ({
      add: (labels, by = 1) => {
        const key = [shortName(name), ...Object.values(labels ?? {})].join(' ')
        counts.set(key, (counts.get(key) ?? 0) + by)
      },
    }),
  }
  return { metrics, counts }
}
