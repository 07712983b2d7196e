/** The live hub's way into the journal: the pipeline, then the append; the sender is acknowledged when it is on disk. */
import type { Clock } from '../model/clock.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { Journal } from '../model/ports/journal.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import type { Receipt } from '../model/ports/receipt.ts'
import { quietLog } from '../model/quiet-log.ts'
import { parseTime } from './event-time.ts'
import { ingestMetrics } from './metrics.ts'
import type { IngestOptions } from './options.ts'
import { PendingAppend, type PendingAppends } from './pending-append.ts'
import { type Accepted, createPipeline, type Pipeline, type Stamp } from './pipeline.ts'
import type { QuarantineReason } from './read-message.ts'

/** `stored` and `quarantined` are on disk, a `duplicate` was there before. All three may be acknowledged. */
export type IngestOutcome = 'stored' | 'duplicate' | 'quarantined'

export interface DeviceMessage {
  /** Bound to the login that published it. */
  readonly device: string
  readonly topic: string
  readonly payload: Uint8Array
}

export interface Ingest {
  /**
   * How far (ms) the hub's clock is behind the newest entry, after it was ahead once or was moved back. Until it has
   * caught up every message is stamped with that newest time, so that current readings count as old.
   */
  clockBehind(): number
  /** Reads the journal's tail, so that repetitions of messages stored before a crash are known. */
  start(): Promise<void>
  /** Settles the receipt when the message may be acknowledged, or with the journal's error when it may not. */
  receive(message: DeviceMessage, receipt: Receipt<IngestOutcome>): void
  /** As `receive`, as a promise. */
  accept(message: DeviceMessage): Promise<IngestOutcome>
  /**
   * Appends the hub's tick, with a time that never falls behind the entries before it. Never rejects; a failure is what
   * `journalProblem` returns until the next tick succeeds.
   */
  tick(): Promise<void>
  journalProblem(): string | undefined
}

export interface IngestDeps {
  readonly directory: () => Pick<Directory, 'device'>
  readonly journal: Journal
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  /** With a replay clock: moves it to the device's time before the clock is read. */
  readonly observeTime?: (ts: number) => void
}

const WARM_PAGE = 10_000
/** Bytes kept of an unreadable payload (model/ports/journal.ts). */
const QUARANTINE_BYTES = 4096

export function createIngest(options: IngestOptions, deps: IngestDeps): Ingest {
  const { journal, clock } = deps
  const pipeline = createPipeline(options.duplicateWindow, deps.directory)
  const pendingByDevice = new Map<string, PendingAppends>()
  const time = createHubTime(deps)
  const report = createReport(deps)
  let journalProblem: string | undefined
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
    const { device, topic, payload } = message
    report.quarantined(message, reason)
    const item = {
      receivedAt: time.now(),
      topic,
      device,
      reason,
      // A copy: the slice would keep the whole chunk of the socket alive.
      payload: Uint8Array.prototype.slice.call(payload, 0, QUARANTINE_BYTES),
      size: payload.length,
    }
    journal.quarantine(item).then(
      () => receipt.stored('quarantined'),
      (error: unknown) => receipt.failed(error),
    )
  }

  function receive(message: DeviceMessage, receipt: Receipt<IngestOutcome>): void {
    const result = pipeline.ingest(message, time.stamp)
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

  return {
    receive,
    accept: (message) =>
      new Promise((stored, failed) => {
        receive(message, { stored, failed })
      }),
    async start() {
      const after = Math.max(journal.firstSeq() - 1, journal.lastSeq() - options.warmEntries, 0)
      await warmUp({ journal, pipeline, observe: time.observe }, after)
    },
    clockBehind: () => Math.max(0, time.newest() - clock.now()),
    async tick() {
      journalProblem = await journal
        .append({ kind: 'tick', receivedAt: time.now() })
        .then(() => undefined, String)
    },
    journalProblem: () => journalProblem,
  }
}

/** The hub's clock, which may be moved back while `receivedAt` of the entries must never fall. */
function createHubTime({ clock, observeTime }: Pick<IngestDeps, 'clock' | 'observeTime'>) {
  let newest = 0
  const observe = (receivedAt: number): void => {
    newest = Math.max(newest, receivedAt)
  }
  const now = (): number => {
    observe(clock.now())
    return newest
  }
  const stampReplayed: Stamp = (ts) => {
    const deviceTime = parseTime(ts)
    if (deviceTime !== undefined) observeTime?.(deviceTime)
    return now()
  }
  return { now, observe, newest: () => newest, stamp: observeTime ? stampReplayed : now }
}

/** Counts and logs what becomes of messages. */
function createReport({ logger, clock, metrics }: Pick<IngestDeps, 'logger' | 'clock' | 'metrics'>) {
  const counters = ingestMetrics(metrics)
  const quiet = quietLog(logger, clock)
  return {
    duplicate: () => counters.duplicates.add(),
    failed: () => counters.failed.add(),
    quarantined({ device, topic, payload }: DeviceMessage, reason: QuarantineReason): void {
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

interface WarmUp {
  readonly journal: Journal
  readonly pipeline: Pipeline
  readonly observe: (receivedAt: number) => void
}

/** Reads the journal after `after`: newest hub time, and the messages that repetitions are compared with. */
async function warmUp({ journal, pipeline, observe }: WarmUp, after: number): Promise<void> {
  for (let position = after; ; ) {
    const page = await journal.read(position, WARM_PAGE)
    for (const entry of page) {
      observe(entry.receivedAt)
      if (entry.kind !== 'tick') pipeline.remember(entry)
      position = entry.seq
    }
    if (page.length < WARM_PAGE) return
  }
}
