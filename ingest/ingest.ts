/** The live hub's way into the journal: the pipeline, then the append; the sender is acknowledged when it is on disk. */
import type { Clock } from '../model/clock.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { Journal } from '../model/ports/journal.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import { parseTime } from './event-time.ts'
import { createIngestReport } from './metrics.ts'
import type { IngestOptions } from './options.ts'
import { createPipeline, type Pipeline, type Stamp } from './pipeline.ts'
import { createReceive, type DeviceMessage, type IngestOutcome, type Receive } from './receive.ts'

export interface Ingest {
  /**
   * How far (ms) the hub's clock is behind the newest entry, after it was ahead once or was moved back. Until it has
   * caught up every message is stamped with that newest time, so that current readings count as old.
   */
  clockBehind(): number
  /** Reads the journal's tail, so that repetitions of messages stored before a crash are known. */
  start(): Promise<void>
  /** Settles the receipt when the message may be acknowledged, or with the journal's error when it may not. */
  readonly receive: Receive
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

export function createIngest(options: IngestOptions, deps: IngestDeps): Ingest {
  const { journal, clock } = deps
  const pipeline = createPipeline(options.duplicateWindow, deps.directory)
  const time = createHubTime(deps)
  const receive = createReceive({ ...time, pipeline, journal, report: createIngestReport(deps) })
  let journalProblem: string | undefined
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
      const tick = { kind: 'tick', receivedAt: time.now() } as const
      journalProblem = await journal.append(tick).then(() => undefined, String)
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
