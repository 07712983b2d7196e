/**
 * Follows an append-only log by sequence number: read, apply, move the cursor, wait for more. Rules, history, device
 * registry and live feed all follow their log with this one loop.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createSignal } from './signal.ts'

export interface FollowOptions<Batch> {
  /** Sequence number to continue after. A function is retried like a read when it fails. */
  readonly from: number | (() => Promise<number>)
  /** The next entries after `after`, in order; undefined = nothing new. */
  read(after: number): Promise<Batch | undefined> | Batch | undefined
  /** Sequence number of the last entry of a batch. */
  endOf(batch: Batch): number
  /** Applies a batch; the cursor moves when it resolves, for a synchronous `apply` in the same step. */
  apply(batch: Batch): Promise<void> | void
  /** Work between two reads, also when nothing was new. */
  between?(): Promise<void> | void
  /** Pause (ms) after a batch, so that a trickle is applied in few batches; 0 = none. */
  pauseAfter?(batch: Batch): number
  /** Looks for news this often (ms) even without `notify`; absent = only then. */
  readonly idleMs?: number
  /** Reports a failure; returns the ms until the same batch is tried again, undefined = with the next `notify`. */
  onError(error: unknown): number | undefined
}

export interface LogFollower {
  /** Sequence number of the last applied entry; the start position before that. */
  cursor(): number
  /** The log may have grown. Cheap to call too often. */
  notify(): void
  /** Resolves when everything in the log by now has been applied, or when an attempt has failed or ended. */
  caughtUp(): Promise<void>
  /** Ends after the batch under way. With `upTo`, first applies the log up to there, unless the last attempt failed. */
  stop(upTo?: number): Promise<void>
}

/** Starts following at once. */
export function followLog<Batch>(options: FollowOptions<Batch>): LogFollower {
  return new Follower(options)
}

class Follower<Batch> implements LogFollower {
  readonly #options: FollowOptions<Batch>
  readonly #signal = createSignal()
  readonly #running: Promise<void>
  #cursor: number | undefined
  /** The last attempt failed. */
  #failing = false
  #isBackingOff = false
  /** Callers of `caughtUp` whose read has not begun yet. */
  #waiters: (() => void)[] = []

  constructor(options: FollowOptions<Batch>) {
    this.#options = options
    this.#cursor = typeof options.from === 'number' ? options.from : undefined
    this.#running = this.#run()
  }

  cursor(): number {
    return this.#cursor ?? 0
  }

  notify(): void {
    this.#signal.notify()
  }

  caughtUp(): Promise<void> {
    if (this.#signal.isClosed() || this.#isBackingOff) return Promise.resolve()
    const done = Promise.withResolvers<void>()
    this.#waiters.push(done.resolve)
    this.notify()
    return done.promise
  }

  async stop(upTo?: number): Promise<void> {
    this.#signal.close()
    await this.#running
    if (upTo !== undefined && !this.#failing) await this.#drain(upTo)
  }

  async #run(): Promise<void> {
    while (!this.#signal.isClosed()) await this.#attempt()
    settle(this.#waiters.splice(0))
  }

  async #attempt(): Promise<void> {
    const waiting = this.#waiters.splice(0)
    try {
      const batch = await this.#read()
      if (batch !== undefined && !this.#signal.isClosed()) {
        await this.#apply(batch)
        this.#waiters.push(...waiting)
      } else settle(waiting)
      this.#failing = false
      await this.#options.between?.()
      await this.#rest(batch)
    } catch (error) {
      this.#failing = true
      settle(waiting)
      await this.#backOff(this.#options.onError(error))
    }
  }

  async #read(): Promise<Batch | undefined> {
    const { from, read } = this.#options
    this.#cursor ??= typeof from === 'number' ? from : await from()
    return read(this.#cursor)
  }

  async #apply(batch: Batch): Promise<void> {
    const applied = this.#options.apply(batch)
    if (applied instanceof Promise) await applied
    this.#cursor = this.#options.endOf(batch)
  }

  async #rest(batch: Batch | undefined): Promise<void> {
    if (batch === undefined) return this.#signal.wait(this.#options.idleMs)
    const pauseMs = this.#options.pauseAfter?.(batch) ?? 0
    if (pauseMs > 0) return this.#signal.pause(pauseMs)
    // A log may answer without leaving the thread; catching up must not block everything else.
    await nextTurn()
  }

  async #backOff(retryMs: number | undefined): Promise<void> {
    if (retryMs === undefined) return this.#signal.wait()
    this.#isBackingOff = true
    settle(this.#waiters.splice(0))
    await this.#signal.pause(retryMs)
    this.#isBackingOff = false
  }

  async #drain(upTo: number): Promise<void> {
    try {
      while (this.cursor() < upTo) {
        const batch = await this.#read()
        if (batch === undefined) return
        await this.#apply(batch)
        await this.#options.between?.()
      }
    } catch (error) {
      this.#options.onError(error)
    }
  }
}

const settle = (waiting: readonly (() => void)[]): void => {
  for (const resolve of waiting) resolve()
}
