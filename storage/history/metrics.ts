/** Metrics of the history. */
import type { Metrics } from '../../model/ports/metrics.ts'
import type { PumpStatus, PumpWrite } from './pump.ts'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export function createHistoryMetrics(metrics: Metrics, status: () => PumpStatus) {
  const stored = metrics.counter('linli_history_stored_total', 'Device messages stored in the history')
  const refused = metrics.counter(
    'linli_history_refused_total',
    'Device messages that the history could not store, wholly or in part',
  )
  const seconds = metrics.histogram(
    'linli_history_write_seconds',
    'Duration of one write of a batch',
    SECONDS,
  )
  metrics.gauge('linli_history_behind', 'Journal entries not yet in the history', () => status().behind)
  metrics.gauge('linli_history_cursor', 'Newest journal entry in the history', () => status().cursor)
  metrics.gauge('linli_history_waiting', '1 while the history cannot be written', () =>
    status().state === 'waiting' ? 1 : 0,
  )
  return {
    record(write: PumpWrite): void {
      if (write.stored > 0) stored.add({}, write.stored)
      if (write.refused > 0) refused.add({}, write.refused)
      seconds.observe(write.seconds)
    },
  }
}
