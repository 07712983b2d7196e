/** What becomes of one received message: journal, quarantine or nothing, and when its sender may be acknowledged. */
import type { Journal } from '../model/ports/journal.ts'
import type { Receipt } from '../model/ports/receipt.ts'
import type { IngestReport } from './metrics.ts'
import { PendingAppend, type PendingAppends } from './pending-append.ts'
import type { Accepted, Pipeline, Stamp } from './pipeline.ts'
import type { QuarantineReason } from './read-message.ts'

/** `stored` and `quarantined` are on disk, a `duplicate` was there before. All three may be acknowledged. */
export type IngestOutcome = 'stored' | 'duplicate' | 'quarantined'

export interface DeviceMessage {
  /** Bound to the login that published it. */
  readonly device: string
  readonly topic: string
  readonly payload: Uint8Array
}

export type Receive = (message: DeviceMessage, receipt: Receipt<IngestOutcome>) => void

export interface ReceiveDeps {
  readonly pipeline: Pipeline
  readonly journal: Pick<Journal, 'submit' | 'quarantine'>
  readonly report: IngestReport
  readonly stamp: Stamp
  /** Hub clock, ms. */
  now(): number
}

/** Bytes kept of an unreadable payload (model/ports/journal.ts). */
const QUARANTINE_BYTES = 4096

export function createReceive({ pipeline, journal, report, stamp, now }: ReceiveDeps): Receive {
  const pendingByDevice = new Map<string, PendingAppends>()
  const onFailed = (message: Accepted): void => {
    // Otherwise the device's next try would count as a duplicate, be acknowledged, and be lost.
    pipeline.forget(message)
    report.failed()
  }

  function pendingOf(device: string): PendingAppends {
    const known = pendingByDevice.get(device)
    if (known) return known
    const pending: PendingAppends = []
    pendingByDevice.set(device, pending)
    return pending
  }

  function quarantine(
    message: DeviceMessage,
    reason: QuarantineReason,
    receipt: Receipt<IngestOutcome>,
  ): void {
    report.quarantined(message, reason)
    journal.quarantine({ ...quarantineItem(message), reason, receivedAt: now() }).then(
      () => receipt.stored('quarantined'),
      (error: unknown) => receipt.failed(error),
    )
  }

  return function receive(message, receipt) {
    const result = pipeline.ingest(message, stamp)
    if (result.kind === 'quarantined') {
      quarantine(message, result.reason, receipt)
      return
    }
    if (result.kind === 'duplicate') {
      const first = pendingByDevice.get(result.device)?.find((append) => append.isOf(result.identity))
      if (first) first.whenSettled(() => receive(message, receipt))
      else {
        report.duplicate()
        receipt.stored('duplicate')
      }
      return
    }
    const pending = pendingOf(result.entry.device)
    const append = new PendingAppend({ message: result, pending, onStored: report.stored, onFailed, receipt })
    journal.submit(result.entry, append)
  }
}

const quarantineItem = ({ device, topic, payload }: DeviceMessage) => ({
  topic,
  device,
  // A copy: the slice would keep the whole chunk of the socket alive.
  payload: Uint8Array.prototype.slice.call(payload, 0, QUARANTINE_BYTES),
  size: payload.length,
})
