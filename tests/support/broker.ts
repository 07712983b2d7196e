/** A real broker on a free port, with a hub behind it that a test can hold, release and break. */
import { onTestFinished } from 'vitest'
import { type Broker, type BrokerDeps, createBroker } from '../../broker/broker.ts'
import { brokerOptions } from '../../broker/options.ts'
import type { PublishedMessage } from '../../broker/plain-publish.ts'
import { systemClock } from '../../model/clock.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { buildTopic, type Channel } from '../../model/topics.ts'
import { countingMetrics } from './counting-metrics.ts'

export interface Pending {
  readonly message: PublishedMessage
  store(): void
  fail(): void
}

export interface TestBroker {
  readonly broker: Broker
  readonly port: number
  /** What was handed over, in order. */
  readonly delivered: readonly PublishedMessage[]
  /** Waiting for the test to decide, while held. */
  readonly pending: readonly Pending[]
  readonly counts: ReadonlyMap<string, number>
  readonly lines: readonly string[]
  /** From now on messages wait in `pending`. */
  hold(): void
}

/** Any device id is known; all are bins of one site. */
const place = { site: 'garden', type: 'bin' }
export const topicOf = (device: string, channel: Channel = 'telemetry'): string =>
  buildTopic({ ...place, device, channel })

export async function startBroker(
  options: Record<string, unknown> = {},
  deps: Partial<BrokerDeps> = {},
): Promise<TestBroker> {
  const delivered: PublishedMessage[] = []
  const pending: Pending[] = []
  const lines: string[] = []
  const { metrics, counts } = countingMetrics('linli_broker_')
  let held = false
  const broker = createBroker(brokerOptions.parse({ port: 0, ...options }), {
    authenticate: (device, secret) => (secret === `secret-of-${device}` ? 'ok' : 'wrong-secret'),
    deviceTopic: (device) => (device.startsWith('unknown') ? undefined : place),
    deliver(message, receipt) {
      delivered.push(message)
      const fail = (): void => receipt.failed(new Error('the disk is full'))
      if (held) pending.push({ message, store: () => receipt.stored(), fail })
      else receipt.stored()
    },
    logger: {
      ...silentLogger,
      warn: (fields, message) => lines.push(`${message} ${JSON.stringify(fields)}`),
    },
    metrics,
    clock: systemClock,
    ...deps,
  })
  await broker.start()
  onTestFinished(async () => {
    for (const { store } of pending) store()
    await broker.stop()
  })
  return {
    broker,
    port: broker.address().port,
    delivered,
    pending,
    counts,
    lines,
    hold: () => {
      held = true
    },
  }
}

/** Asks again and again, until it is so or the deadline passes. For real edges only. */
export async function eventually(what: string, check: () => boolean, deadline = 5000): Promise<void> {
  for (let waited = 0; waited < deadline; waited += 5) {
    if (check()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`not within ${deadline} ms: ${what}`)
}
