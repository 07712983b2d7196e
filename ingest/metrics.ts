/** Counters of ingest. */
import type { Counter, Metrics } from '../model/ports/metrics.ts'

export interface IngestMetrics {
  /** Without labels, because it is counted for every message. */
  readonly stored: Counter
  readonly duplicates: Counter
  readonly quarantined: Counter
  readonly droppedFields: Counter
  readonly timeQuality: Counter
  readonly failed: Counter
}

export function ingestMetrics(metrics: Metrics): IngestMetrics {
  return {
    stored: metrics.counter('linli_ingest_stored_total', 'Device messages stored in the journal'),
    duplicates: metrics.counter(
      'linli_ingest_duplicates_total',
      'Repeated device messages, acknowledged only',
    ),
    quarantined: metrics.counter('linli_ingest_quarantined_total', 'Messages that could not be read', [
      'reason',
    ]),
    droppedFields: metrics.counter(
      'linli_ingest_dropped_fields_total',
      'Fields dropped while the rest of their message was kept',
      ['type', 'fault'],
    ),
    timeQuality: metrics.counter(
      'linli_ingest_untrusted_time_total',
      'Stored messages whose device time is late, in the future or not set',
      ['quality'],
    ),
    failed: metrics.counter('linli_ingest_failed_total', 'Messages that the journal did not store'),
  }
}
