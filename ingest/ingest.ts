/** From bytes to the journal: decode, known device, fields, time, duplicates, append. */
import type { Clock } from '../model/clock.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { Journal } from '../model/ports/journal.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import { quietLog } from '../model/quiet-log.ts'
import { decode } from './decode.ts'
import { duplicateWindow, identityOf, isSame } from './duplicates.ts'
import { parseTime } from './event-time.ts'
import { ingestMetrics } from './metrics.ts'
import type { IngestOptions } from './options.ts'
import { type QuarantineReason, readParsed } from './read-message.ts'
import { createFieldReader } from './shapes.ts'
import { type Counting, type DeviceState, type ReadEntry, Storing } from './storing.ts'
import { topicMemory } from './topics.ts'
import type { Accepted, Verdict } from './verdict.ts'

export type { Accepted, Verdict }

export interface DeviceMessage {
  /** Bound to the login that sent it. */
  readonly device: string
  readonly topic: string
  readonly payload: Uint8Array
}

export interface Ingest {
  /**
   * How far (ms) the hub's clock is behind the newest entry: it was ahead once, or was set back. Until it has caught up
   * every message is stamped with that newest time, so that what devices say now is taken for old.
   */
  clockBehind(): number
  /** Reads the journal's tail, so that what was stored before a crash is known as a duplicate. */
  start(): Promise<void>
  /** The verdict is told when the message may be acknowledged, or the journal's error when it may not. */
  take(message: DeviceMessage, verdict: Verdict): void
  /** As `take`, as a promise of what became of it. */
  accept(message: DeviceMessage): Promise<Accepted>
  /** Appends the hub's heartbeat, with a time that never falls behind the entries before it. */
  tick(): Promise<void>
}

export interface IngestDeps {
  /** Asked for every message, so that a reloaded community counts at once. */
  readonly directory: () => Pick<Directory, 'device'>
  readonly journal: Journal
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  /** With a replay clock: moves it to the device's time before the clock is read. */
  readonly observeTime?: (ts: number) => void
}

const WARM_PAGE = 10_000
/** Kept of an unreadable payload (model/ports/journal.ts). */
const QUARANTINE_BYTES = 4096

export function createIngest(options: IngestOptions, deps: IngestDeps): Ingest {
  const { directory, journal, clock, observeTime } = deps
  const metrics = ingestMetrics(deps.metrics)
  const quiet = quietLog(deps.logger, clock)
  const devices = new Map<string, DeviceState>()
  const topicParts = topicMemory()
  const readFields = createFieldReader()
  let newestReceivedAt = 0

  /** The hub's clock, which may be set back while entries must not be. */
  const now = (): number => {
    newestReceivedAt = Math.max(newestReceivedAt, clock.now())
    return newestReceivedAt
  }
  const stateOf = (device: string): DeviceState => {
    const known = devices.get(device)
    if (known) return known
    const state: DeviceState = { window: duplicateWindow(options.duplicateWindow), unsettled: [] }
    devices.set(device, state)
    return state
  }

  function quarantine(message: DeviceMessage, reason: QuarantineReason, verdict: Verdict): void {
    const { device, topic, payload } = message
    metrics.quarantined.add({ reason })
    quiet.warn(
      `${reason} ${device}`,
      { device, topic, reason, size: payload.length },
      'message put into quarantine',
    )
    const item = {
      receivedAt: now(),
      topic,
      device,
      reason,
      // A copy: the slice would keep the whole chunk of the socket alive.
      payload: Uint8Array.prototype.slice.call(payload, 0, QUARANTINE_BYTES),
      size: payload.length,
    }
    journal.quarantine(item).then(
      () => verdict.stored('quarantined'),
      (error: unknown) => verdict.failed(error),
    )
  }

  function count({ entry, dropped }: ReadEntry): void {
    metrics.stored.add()
    if (entry.quality !== 'live') metrics.timeQuality.add({ quality: entry.quality })
    if (dropped.length === 0) return
    for (const { fault } of dropped) metrics.droppedFields.add({ type: entry.type, fault })
    const wrong = dropped.filter(({ fault }) => fault !== 'unknown')
    if (wrong.length > 0)
      quiet.warn(`fields ${entry.device}`, { device: entry.device, dropped: wrong }, 'wrong fields dropped')
  }
  const counting: Counting = { stored: count, failed: () => metrics.failed.add() }

  /** A repetition of one on disk is a duplicate; one under way is waited for, then the message is looked at anew. */
  function takeAgain(message: DeviceMessage, first: Storing | undefined, verdict: Verdict): void {
    if (first) first.whenSettled(() => take(message, verdict))
    else {
      metrics.duplicates.add()
      verdict.stored('duplicate')
    }
  }

  function take(message: DeviceMessage, verdict: Verdict): void {
    const decoded = decode(message.payload)
    if ('fault' in decoded) {
      quarantine(message, decoded.fault, verdict)
      return
    }
    if (observeTime) {
      const ts = parseTime(decoded.value.ts)
      if (ts !== undefined) observeTime(ts)
    }
    const read = readParsed(topicParts(message.topic), decoded.value, {
      receivedAt: now(),
      directory: directory(),
      readFields,
    })
    if (read.kind === 'quarantine') {
      quarantine(message, read.reason, verdict)
      return
    }
    const identity = identityOf(read.entry)
    const state = stateOf(read.entry.device)
    if (identity && state.window.has(identity)) {
      const first = state.unsettled.find((storing) => isSame(storing.identity, identity))
      takeAgain(message, first, verdict)
    } else journal.submit(read.entry, new Storing({ read, identity, state, verdict, counting }))
  }

  return {
    take,
    accept: (message) =>
      new Promise((stored, failed) => {
        take(message, { stored, failed })
      }),
    async start() {
      let after = Math.max(journal.firstSeq() - 1, journal.lastSeq() - options.warmEntries, 0)
      for (;;) {
        const page = await journal.read(after, WARM_PAGE)
        for (const entry of page) {
          newestReceivedAt = Math.max(newestReceivedAt, entry.receivedAt)
          const identity = entry.kind === 'tick' ? undefined : identityOf(entry)
          if (identity && entry.kind !== 'tick') stateOf(entry.device).window.add(identity)
          after = entry.seq
        }
        if (page.length < WARM_PAGE) return
      }
    },
    clockBehind: () => Math.max(0, newestReceivedAt - clock.now()),
    async tick() {
      await journal.append({ kind: 'tick', receivedAt: now() })
    },
  }
}
