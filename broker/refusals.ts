/** Says no in one voice: every refusal is counted by its reason and logged, a noisy device once a minute. */
import type { QuietLog } from '../model/quiet-log.ts'
import type { BrokerMetrics } from './metrics.ts'

/** An error of ours on its way through Aedes: counted and logged already. */
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
  /** Something of ours failed. */
  failed(what: string, device: string, error: unknown): void
  /** The connection was cut, by us or by what the client sent. */
  drop(reason: string, fields: Readonly<Record<string, unknown>>): void
}

/** What a client wrote is shown cut, and without anything that could forge a log line. */
const shown = (text: string): string => JSON.stringify(text.slice(0, 128)).slice(1, -1)

export function createRefusals(quiet: QuietLog, metrics: BrokerMetrics): Refusals {
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
        'message refused, connection cut',
      )
    },
    subscription(device, filter) {
      metrics.refusedSubscriptions.add()
      quiet.warn(`subscribe ${device}`, { device, filter: shown(filter) }, 'subscription refused')
    },
    notStored(device, error) {
      metrics.refusedMessages.add({ reason: 'not-stored' })
      quiet.warn('not stored', { device, error }, 'message not stored, not acknowledged, connection cut')
    },
    failed: (what, device, error) =>
      quiet.warn(`failed ${what}`, { device, error }, `${what} failed inside the hub`),
    drop(reason, fields) {
      metrics.dropped.add({ reason })
      quiet.warn(`drop ${reason} ${fields.device ?? fields.address}`, { ...fields, reason }, 'connection cut')
    },
  }
}
