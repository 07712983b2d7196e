/** Counters and gauges of the broker. */
import type { Counter, Metrics } from '../model/ports/metrics.ts'

export interface BrokerMetrics {
  /** Without labels, because it is counted for every message. */
  readonly acknowledged: Counter
  readonly refusedConnects: Counter
  readonly refusedMessages: Counter
  readonly refusedSubscriptions: Counter
  readonly dropped: Counter
  readonly takeovers: Counter
  readonly throttled: Counter
}

export interface BrokerGauges {
  readonly connections: () => number
  readonly inFlight: () => number
}

export function brokerMetrics(metrics: Metrics, gauges: BrokerGauges): BrokerMetrics {
  metrics.gauge('linli_broker_connections', 'Devices connected now', gauges.connections)
  metrics.gauge('linli_broker_in_flight', 'Messages not acknowledged yet', gauges.inFlight)
  return {
    acknowledged: metrics.counter('linli_broker_messages_total', 'Messages stored and acknowledged'),
    refusedConnects: metrics.counter('linli_broker_refused_connects_total', 'Logins refused', ['reason']),
    refusedMessages: metrics.counter('linli_broker_refused_messages_total', 'Publishes refused', ['reason']),
    refusedSubscriptions: metrics.counter(
      'linli_broker_refused_subscriptions_total',
      'Subscriptions refused',
    ),
    dropped: metrics.counter('linli_broker_dropped_connections_total', 'Connections dropped by the hub', [
      'reason',
    ]),
    takeovers: metrics.counter(
      'linli_broker_takeovers_total',
      'Connections replaced by a newer one of the same device',
    ),
    throttled: metrics.counter(
      'linli_broker_throttled_total',
      'Times a device exceeded its rate and was slowed down',
    ),
  }
}
