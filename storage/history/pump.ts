/** Writes the journal into the history. Nothing is skipped; a failed write is retried at the same position. */

import { stopwatch } from '../../model/clock.ts'
import type { DeviceEntry, Journaled } from '../../model/entry.ts'
import { LinliError } from '../../model/errors.ts'
import { followLog, type LogFollower } from '../../model/follow-log.ts'
import type { History } from '../../model/ports/history.ts'
import type { Logger } from '../../model/ports/logger.ts'
import { type Backoff, backoffOf, defaultBackoff, messageOf } from './retry.ts'

/** Consecutive entries of the journal; they may be decoded while they are iterated. */
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
  /** Pause after a small write, so that a trickle is stored in few commits; ms. */
  readonly pauseMs: number
  /** The journal is polled this often even without a notification; ms. */
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
  /** The journal may have grown. */
  notify(): void
  /** Stores what the journal contains now, then ends; ends at once while the engine fails. */
  stop(): Promise<void>
}

export function createPump(options: PumpOptions, deps: PumpDeps): Pump {
  return new HistoryPump(options, deps)
}

class HistoryPump implements Pump {
  readonly #options: PumpOptions
  readonly #deps: PumpDeps
  #follower: LogFollower | undefined
  /** Most entries of the next write. */
  #limit: number
  /** In a row. */
  #failures = 0

  constructor(options: PumpOptions, deps: PumpDeps) {
    this.#options = options
    this.#deps = deps
    this.#limit = options.maxBatch
  }

  start(): void {
    const { maxBatch, pauseMs, idleMs } = this.#options
    this.#follower = followLog<PumpPage>({
      from: () => firstCursor(this.#deps),
      read: (after) => this.#deps.journal.page(after, this.#limit),
      endOf: ({ lastSeq }) => lastSeq,
      apply: (page) => this.#write(page),
      between: () => this.#succeed(),
      pauseAfter: ({ firstSeq, lastSeq }) => (lastSeq - firstSeq + 1 < maxBatch / 4 ? pauseMs : 0),
      idleMs,
      onError: (error) => this.#fail(error),
    })
  }

  notify(): void {
    this.#follower?.notify()
  }

  async stop(): Promise<void> {
    await this.#follower?.stop(this.#deps.journal.lastSeq())
  }

  async #write({ firstSeq, lastSeq, entries }: PumpPage): Promise<void> {
    this.#reportGap(firstSeq)
    const elapsed = stopwatch()
    const counter = { count: 0 }
    const { refused } = await this.#deps.history.write(ofDevices(entries, counter), lastSeq)
    this.#deps.onWrite({ stored: counter.count - refused, refused, seconds: elapsed() })
  }

  #reportGap(first: number): void {
    const after = this.#cursor()
    if (first > after + 1 && after > 0)
      this.#deps.logger.error(
        { from: after + 1, to: first - 1 },
        'the journal was trimmed before the history had read it',
      )
  }

  #succeed(): void {
    if (this.#failures > 0) this.#deps.logger.info({ cursor: this.#cursor() }, 'the history is stored again')
    this.#failures = 0
    this.#limit = Math.min(this.#options.maxBatch, this.#limit * 2)
    this.#report('ok', '')
  }

  /** Returns how long to wait, ms. */
  #fail(error: unknown): number {
    const { maxBatch, backoff } = this.#options
    this.#failures += 1
    this.#limit = Math.max(Math.min(MIN_BATCH, maxBatch), Math.floor(this.#limit / 2))
    const waitMs = backoffOf(this.#failures, error, Math.random(), backoff)
    const reason = messageOf(error)
    const fields = { failures: this.#failures, waitMs: Math.round(waitMs), reason }
    this.#deps.logger.warn(fields, 'the history waits')
    this.#report('waiting', reason)
    return waitMs
  }

  #report(state: PumpStatus['state'], reason: string): void {
    const cursor = this.#cursor()
    const behind = Math.max(0, this.#deps.journal.lastSeq() - cursor)
    this.#deps.onStatus({ cursor, behind, state, reason })
  }

  #cursor(): number {
    return this.#follower?.cursor() ?? 0
  }
}

/** Throws STORAGE_CORRUPT when the history has stored more than the journal contains. */
async function firstCursor({ history, journal }: PumpDeps): Promise<number> {
  const stored = await history.cursor()
  if (stored <= journal.lastSeq()) return stored
  throw new LinliError(
    'STORAGE_CORRUPT',
    `the history is at ${stored}, the journal ends at ${journal.lastSeq()}: they do not belong together`,
  )
}

/** Skips ticks and counts the other entries. */
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
