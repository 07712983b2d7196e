/** Every refusal is counted by its reason and logged, once a minute for a noisy device. */
import type { RateLimitedLog } from '../model/rate-limited-log.ts'
import type { BrokerMetrics } from './metrics.ts'

/** Our own refusal passing through Aedes as an error; counted and logged already. */
export class RefusedError extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'RefusedError'
  }
}

export interface Refusals {
  connect(reason: string, fields: Readonly<Record<string, unknown>>): void
  message(device: string, topic: string, reason: string): void
  subscription(device: string, filter: string): void
  notStored(device: string, error: unknown): void
  /** An internal error of the hub. */
  failed(what: string, device: string, error: unknown): void
  /** The connection was dropped by the hub or because of what the client sent. */
  drop(reason: string, fields: Readonly<Record<string, unknown>>): void
}

/** Text of a client, truncated and escaped so that it cannot forge a log line. */
const shown = (text: string): string => JSON.stringify(text.slice(0, 128)).slice(1, -1)

export function createRefusals(quiet: RateLimitedLog, metrics: BrokerMetrics): Refusals {
  return {
    connect(reason, fields) {
      metrics.refusedConnects.add({ reason })
      quiet.warn(
        `connect ${reason} ${fields.device ?? fields.address}`,
        { ...fields, reason },
        'login refused',
      )
    },
    message(device, topic, reason) {
      metrics.refusedMessages.add({ reason })
      quiet.warn(
        `${reason} ${device}`,
        { device, topic: shown(topic), reason },
        'message refused, connection dropped',
      )
    },
    subscription(device, filter) {
      metrics.refusedSubscriptions.add()
      quiet.warn(`subscribe ${device}`, { device, filter: shown(filter) }, 'subscription refused')
    },
    notStored(device, error) {
      metrics.refusedMessages.add({ reason: 'not-stored' })
      quiet.warn('not stored', { device, error }, 'message not stored, not acknowledged, connection dropped')
    },
    failed: (what, device, error) =>
      quiet.warn(`failed ${what}`, { device, error }, `${what} failed inside the hub`),
    drop(reason, fields) {
      metrics.dropped.add({ reason })
      quiet.warn(
        `drop ${reason} ${fields.device ?? fields.address}`,
        { ...fields, reason },
        'connection dropped',
      )
    },
  }
}
