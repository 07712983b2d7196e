/** Metrics of the live feed. */
import type { Counter, Metrics } from '../../../model/ports/metrics.ts'

export interface FeedMetrics {
  readonly refused: Counter
  readonly catchUps: Counter
  readonly cuts: Counter
  readonly dropped: Counter
}

export function feedMetrics(metrics: Metrics, consoles: () => number): FeedMetrics {
  metrics.gauge('linli_feed_consoles', 'Live feeds open now', consoles)
  return {
    refused: metrics.counter('linli_feed_refused_total', 'Live feeds refused at the handshake', ['reason']),
    catchUps: metrics.counter('linli_feed_catch_ups_total', 'Catch-ups of consoles by kind', ['kind']),
    cuts: metrics.counter('linli_feed_cuts_total', 'Live feeds dropped; the console resumes', ['reason']),
    dropped: metrics.counter('linli_feed_events_dropped_total', 'Console events ignored', ['reason']),
  }
}
