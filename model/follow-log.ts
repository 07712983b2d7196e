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
  const { from, onError } = options
  const signal = createSignal()
  let cursor = typeof from === 'number' ? from : undefined
  let failing = false
  let backingOff = false
  let waiters: (() => void)[] = []

  /** Applies the next batch, if there is one. */
  async function step(): Promise<Batch | undefined> {
    cursor ??= typeof from === 'number' ? from : await from()
    const batch = await options.read(cursor)
    if (batch === undefined || signal.isClosed()) return undefined
    await applyBatch(batch)
    return batch
  }

  async function applyBatch(batch: Batch): Promise<void> {
    const applied = options.apply(batch)
    if (applied instanceof Promise) await applied
    cursor = options.endOf(batch)
  }

  async function rest(batch: Batch | undefined): Promise<void> {
    if (batch === undefined) return signal.wait(options.idleMs)
    const pauseMs = options.pauseAfter?.(batch) ?? 0
    if (pauseMs > 0) return signal.pause(pauseMs)
    // A log may answer without leaving the thread; catching up must not block everything else.
    await nextTurn()
  }

  async function backOff(retryMs: number | undefined): Promise<void> {
    if (retryMs === undefined) return signal.wait()
    backingOff = true
    settle(waiters.splice(0))
    await signal.pause(retryMs)
    backingOff = false
  }

  async function attempt(): Promise<void> {
    const waiting = waiters
    waiters = []
    try {
      const batch = await step()
      failing = false
      if (batch === undefined) settle(waiting)
      else waiters.push(...waiting)
      await options.between?.()
      await rest(batch)
    } catch (error) {
      failing = true
      settle(waiting)
      await backOff(onError(error))
    }
  }

  async function run(): Promise<void> {
    while (!signal.isClosed()) await attempt()
    settle(waiters.splice(0))
  }

  async function drain(upTo: number): Promise<void> {
    if (failing) return
    try {
      while ((cursor ?? 0) < upTo) {
        cursor ??= typeof from === 'number' ? from : await from()
        const batch = await options.read(cursor)
        if (batch === undefined) return
        await applyBatch(batch)
        await options.between?.()
      }
    } catch (error) {
      onError(error)
    }
  }

  const running = run()
  return {
    cursor: () => cursor ?? 0,
    notify: signal.notify,
    caughtUp() {
      if (signal.isClosed() || backingOff) return Promise.resolve()
      const done = Promise.withResolvers<void>()
      waiters.push(done.resolve)
      signal.notify()
      return done.promise
    },
    async stop(upTo) {
      signal.close()
      await running
      if (upTo !== undefined) await drain(upTo)
    },
  }
}

const settle = (waiting: readonly (() => void)[]): void => {
  for (const resolve of waiting) resolve()
}
