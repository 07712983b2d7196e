/** Logs (pino) and metrics (Prometheus) behind the rooms' small ports. */
import pino from 'pino'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'

/** JSON lines on standard error; standard output is for the output of commands. */
export function createLogger(level: string): Logger {
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2))
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  }
}

export interface ObservedMetrics extends Metrics {
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>
}

export function createMetrics(): ObservedMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    counter(name, help, labels = []) {
      const counter = new Counter({ name, help, labelNames: [...labels], registers: [registry] })
      return { add: (values, by = 1) => (values ? counter.inc({ ...values }, by) : counter.inc(by)) }
    },
    gauge(name, help, read) {
      const collect = function (this: Gauge): void {
        this.set(read())
      }
      registry.registerMetric(new Gauge({ name, help, registers: [], collect }))
    },
    histogram(name, help, buckets) {
      const histogram = new Histogram({ name, help, buckets: [...buckets], registers: [registry] })
      return { observe: (value) => histogram.observe(value) }
    },
    text: () => registry.metrics(),
  }
}
