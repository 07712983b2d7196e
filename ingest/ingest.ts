/** From bytes to the journal: decode, known device, fields, time, duplicates, append. */
import type { Clock } from '../model/clock.ts'
import type { DeviceEntry } from '../model/entry.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { Journal } from '../model/ports/journal.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import { quietLog } from '../model/quiet-log.ts'
import { decode } from './decode.ts'
import { type DuplicateWindow, duplicateWindow, type Identity, identityOf, isSame } from './duplicates.ts'
import { parseTime } from './event-time.ts'
import { ingestMetrics } from './metrics.ts'
import type { IngestOptions } from './options.ts'
import { type QuarantineReason, type ReadResult, readObject } from './read-message.ts'

export interface DeviceMessage {
  /** Bound to the login that sent it. */
  readonly device: string
  readonly topic: string
  readonly payload: Uint8Array
}

/** `stored` and `quarantined` are on disk; `duplicate` was there before. All three may be acknowledged. */
export type Accepted = 'stored' | 'duplicate' | 'quarantined'

export interface Ingest {
  /** Reads the journal's tail, so that what was stored before a crash is known as a duplicate. */
  start(): Promise<void>
  /** Resolves when the message may be acknowledged. Rejects with the journal's error when it may not. */
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

/** An append that is not on disk yet, and may still fail. */
interface Unsettled {
  readonly identity: Identity
  readonly append: Promise<unknown>
}

interface DeviceState {
  readonly window: DuplicateWindow
  /** As many as the device has messages under way, oldest first. */
  readonly unsettled: Unsettled[]
}

const WARM_PAGE = 10_000
/** Kept of an unreadable payload (model/ports/journal.ts). */
const QUARANTINE_BYTES = 4096

export function createIngest(options: IngestOptions, deps: IngestDeps): Ingest {
  const { directory, journal, clock, observeTime } = deps
  const metrics = ingestMetrics(deps.metrics)
  const quiet = quietLog(deps.logger, clock)
  const devices = new Map<string, DeviceState>()
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

  async function quarantine(message: DeviceMessage, reason: QuarantineReason): Promise<'quarantined'> {
    const { device, topic, payload } = message
    metrics.quarantined.add({ reason })
    quiet.warn(
      `${reason} ${device}`,
      { device, topic, reason, size: payload.length },
      'message put into quarantine',
    )
    await journal.quarantine({
      receivedAt: now(),
      topic,
      device,
      reason,
      // A copy: the slice would keep the whole chunk of the socket alive.
      payload: Uint8Array.prototype.slice.call(payload, 0, QUARANTINE_BYTES),
      size: payload.length,
    })
    return 'quarantined'
  }

  function count({ entry, dropped }: Extract<ReadResult, { kind: 'entry' }>): void {
    metrics.stored.add()
    if (entry.quality !== 'live') metrics.timeQuality.add({ quality: entry.quality })
    if (dropped.length === 0) return
    for (const { fault } of dropped) metrics.droppedFields.add({ type: entry.type, fault })
    const wrong = dropped.filter(({ fault }) => fault !== 'unknown')
    if (wrong.length > 0)
      quiet.warn(`fields ${entry.device}`, { device: entry.device, dropped: wrong }, 'wrong fields dropped')
  }

  async function store(entry: DeviceEntry, state: DeviceState, identity: Identity): Promise<'stored'> {
    const append = journal.append(entry)
    const place = { identity, append }
    state.window.add(identity)
    state.unsettled.push(place)
    try {
      await append
    } catch (error) {
      // Without this the device's next try would be taken for a duplicate, acknowledged, and lost.
      state.window.remove(identity)
      throw error
    } finally {
      state.unsettled.splice(state.unsettled.indexOf(place), 1)
    }
    return 'stored'
  }

  /** True when it is on disk already. Waits for one under way, whose fate decides. */
  async function isRepeated(state: DeviceState, identity: Identity): Promise<boolean> {
    while (state.window.has(identity)) {
      const first = state.unsettled.find(({ identity: other }) => isSame(other, identity))
      if (!first) return true
      await first.append.catch(() => {})
    }
    return false
  }

  async function accept(message: DeviceMessage): Promise<Accepted> {
    const decoded = decode(message.payload)
    if ('fault' in decoded) return quarantine(message, decoded.fault)
    if (observeTime) {
      const ts = parseTime(decoded.value.ts)
      if (ts !== undefined) observeTime(ts)
    }
    const read = readObject(message.topic, decoded.value, now(), directory())
    if (read.kind === 'quarantine') return quarantine(message, read.reason)
    const identity = identityOf(read.entry)
    const state = stateOf(read.entry.device)
    if (identity && state.window.has(identity)) {
      if (!(await isRepeated(state, identity))) return accept(message)
      metrics.duplicates.add()
      return 'duplicate'
    }
    try {
      if (identity) await store(read.entry, state, identity)
      else await journal.append(read.entry)
    } catch (error) {
      metrics.failed.add()
      throw error
    }
    count(read)
    return 'stored'
  }

  return {
    accept,
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
    async tick() {
      await journal.append({ kind: 'tick', receivedAt: now() })
    },
  }
}
