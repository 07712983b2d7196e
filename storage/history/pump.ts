/** Carries the journal into the history: read, write, go on. Nothing is skipped; a failure is waited out at its place. */

import { stopwatch } from '../../model/clock.ts'
import type { DeviceEntry, Journaled } from '../../model/entry.ts'
import { LinliError } from '../../model/errors.ts'
import type { History } from '../../model/ports/history.ts'
import type { Logger } from '../../model/ports/logger.ts'
import { type Backoff, backoffOf, defaultBackoff } from './backoff.ts'
import { createRest } from './idle.ts'
import { messageOf } from './unavailable.ts'

/** Some entries of the journal in a row; they may be decoded while they are read. */
export interface PumpPage {
  readonly firstSeq: number
  readonly lastSeq: number
  readonly entries: Iterable<Journaled>
}

/** What the pump needs of a journal. */
export interface PumpJournal {
  /** Undefined when there is nothing after `after`. */
  page(after: number, limit: number): PumpPage | undefined
  lastSeq(): number
}

export interface PumpStatus {
  /** Newest journal seq stored. */
  readonly cursor: number
  /** Journal entries not stored yet. */
  readonly behind: number
  readonly state: 'ok' | 'waiting'
  /** Why it waits; empty when ok. */
  readonly reason: string
}

/** One write, for metrics. */
export interface PumpWrite {
  readonly stored: number
  readonly refused: number
  readonly seconds: number
}

export interface PumpOptions {
  /** Most entries in one write; halved after a failure, doubled again after a success. */
  readonly maxBatch: number
  /** A small write is followed by a rest of so long, so that a trickle is stored in few commits; ms. */
  readonly pauseMs: number
  /** The journal is looked at so often even when nobody wakes the pump; ms. */
  readonly idleMs: number
  readonly backoff: Backoff
}

export const defaultPump: PumpOptions = {
  maxBatch: 20_000,
  pauseMs: 250,
  idleMs: 1000,
  backoff: defaultBackoff,
}

const MIN_BATCH = 500

export interface PumpDeps {
  readonly history: History
  readonly journal: PumpJournal
  readonly logger: Logger
  readonly onStatus: (status: PumpStatus) => void
  readonly onWrite: (write: PumpWrite) => void
}

export interface Pump {
  start(): void
  /** There may be news in the journal. */
  wake(): void
  /** Stores what the journal holds now, then ends; ends at once when the engine fails. */
  stop(): Promise<void>
}

export function createPump(options: PumpOptions, deps: PumpDeps): Pump {
  const { journal, history, logger } = deps
  const rest = createRest()
  let cursor: number | undefined
  let limit = options.maxBatch
  let failures = 0
  let stopping = false
  let running: Promise<void> = Promise.resolve()

  function report(state: PumpStatus['state'], reason: string): void {
    const at = cursor ?? 0
    deps.onStatus({ cursor: at, behind: Math.max(0, journal.lastSeq() - at), state, reason })
  }

  /** Stores the next entries; returns how many there were. */
  async function step(): Promise<number> {
    cursor ??= await firstCursor()
    const page = journal.page(cursor, limit)
    if (!page) return 0
    const { firstSeq, lastSeq } = page
    noticeGap(firstSeq, cursor)
    const elapsed = stopwatch()
    const counter = { count: 0 }
    const { refused } = await history.write(ofDevices(page.entries, counter), lastSeq)
    cursor = lastSeq
    deps.onWrite({ stored: counter.count - refused, refused, seconds: elapsed() })
    return lastSeq - firstSeq + 1
  }

  async function firstCursor(): Promise<number> {
    const stored = await history.cursor()
    if (stored <= journal.lastSeq()) return stored
    throw new LinliError(
      'STORAGE_CORRUPT',
      `the history is at ${stored}, the journal ends at ${journal.lastSeq()}: they do not belong together`,
    )
  }

  function noticeGap(first: number, after: number): void {
    if (first > after + 1 && after > 0)
      logger.error(
        { from: after + 1, to: first - 1 },
        'the journal was trimmed before the history had read it',
      )
  }

  function succeed(): void {
    if (failures > 0) logger.info({ cursor }, 'the history is stored again')
    failures = 0
    limit = Math.min(options.maxBatch, limit * 2)
    report('ok', '')
  }

  function fail(error: unknown): number {
    failures++
    limit = Math.max(Math.min(MIN_BATCH, options.maxBatch), Math.floor(limit / 2))
    const waitMs = backoffOf(failures, error, Math.random(), options.backoff)
    logger.warn({ failures, waitMs: Math.round(waitMs), reason: messageOf(error) }, 'the history waits')
    return waitMs
  }

  /** What to do after a step of so many entries. */
  async function restAfter(moved: number): Promise<void> {
    if (moved === 0) await rest.idle(options.idleMs)
    else if (moved < options.maxBatch / 4) await rest.pause(options.pauseMs)
  }

  async function run(): Promise<void> {
    while (!stopping) {
      try {
        const moved = await step()
        succeed()
        await restAfter(moved)
      } catch (error) {
        const waitMs = fail(error)
        report('waiting', messageOf(error))
        await rest.pause(waitMs)
      }
    }
    await drain()
  }

  async function drain(): Promise<void> {
    if (failures > 0) return
    try {
      const end = journal.lastSeq()
      while ((cursor ?? 0) < end && (await step()) > 0) report('ok', '')
    } catch (error) {
      logger.warn({ cursor, reason: messageOf(error) }, 'the history stops behind the journal')
    }
  }

  return {
    start() {
      running = run()
    },
    wake: () => rest.wake(),
    async stop() {
      stopping = true
      rest.end()
      await running
    },
  }
}

/** Leaves out the ticks and counts the others. */
function* ofDevices(
  entries: Iterable<Journaled>,
  counter: { count: number },
): Generator<Journaled<DeviceEntry>> {
  for (const entry of entries) {
    if (entry.kind === 'tick') continue
    counter.count++
    yield entry
  }
}
