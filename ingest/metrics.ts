/** Counters and log entries of ingest. */
import type { Clock } from '../model/clock.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Counter, Metrics } from '../model/ports/metrics.ts'
import { rateLimitedLog } from '../model/rate-limited-log.ts'
import type { Accepted } from './pipeline.ts'
import type { QuarantineReason } from './read-message.ts'

interface IngestCounters {
  /** Without labels, because it is counted for every message. */
  readonly stored: Counter
  readonly duplicates: Counter
  readonly quarantined: Counter
  readonly droppedFields: Counter
  readonly timeQuality: Counter
  readonly failed: Counter
}

function createCounters(metrics: Metrics): IngestCounters {
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

interface RefusedMessage {
  readonly device: string
  readonly topic: string
  readonly payload: Uint8Array
}

export interface IngestReport {
  stored(message: Accepted): void
  duplicate(): void
  failed(): void
  quarantined(message: RefusedMessage, reason: QuarantineReason): void
}

interface ReportDeps {
  readonly logger: Logger
  readonly clock: Clock
  readonly metrics: Metrics
}

/** Counts and logs what becomes of messages. */
export function createIngestReport({ logger, clock, metrics }: ReportDeps): IngestReport {
  const counters = createCounters(metrics)
  const quiet = rateLimitedLog(logger, clock)
  return {
    duplicate: () => counters.duplicates.add(),
    failed: () => counters.failed.add(),
    quarantined({ device, topic, payload }: RefusedMessage, reason: QuarantineReason): void {
      counters.quarantined.add({ reason })
      const fields = { device, topic, reason, size: payload.length }
      quiet.warn(`${reason} ${device}`, fields, 'message put into quarantine')
    },
    stored({ entry, dropped }: Accepted): void {
      counters.stored.add()
      if (entry.quality !== 'live') counters.timeQuality.add({ quality: entry.quality })
      if (dropped.length === 0) return
      for (const { fault } of dropped) counters.droppedFields.add({ type: entry.type, fault })
      const wrong = dropped.filter(({ fault }) => fault !== 'unknown')
      if (wrong.length > 0)
        quiet.warn(`fields ${entry.device}`, { device: entry.device, dropped: wrong }, 'wrong fields dropped')
    },
  }
}
