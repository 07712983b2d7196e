/** Keeps the history's thread running: starts it, reports its end, and restarts it when it dies. */
import { Worker } from 'node:worker_threads'
import { LinliError } from '../../model/errors.ts'
import type { Logger } from '../../model/ports/logger.ts'
import type { FromWorker, ToWorker, WorkerData } from './protocol.ts'
import { backoffOf, defaultBackoff } from './retry.ts'

export type WorkerMessage = Exclude<FromWorker, { kind: 'ready' | 'refused' }>

export interface HistoryThread {
  /** Resolves when the thread is ready; rejects when the engine refuses to open or the thread dies before. */
  start(): Promise<void>
  /** Dropped while no thread runs. */
  post(message: ToWorker): void
  /** Asks the thread to end; terminates it after `ms`. */
  stop(ms: number): Promise<void>
}

export interface ThreadEvents {
  onReady(): void
  onMessage(message: WorkerMessage): void
  /** The thread ended for any reason; pending requests are not answered. */
  onEnd(reason: string): void
}

export interface ThreadDeps {
  readonly logger: Logger
  readonly events: ThreadEvents
  /** The script of the thread; default: the history's worker. */
  readonly script?: URL
}

export function createHistoryThread(data: WorkerData, deps: ThreadDeps): HistoryThread {
  const { logger, events, script = new URL('./worker.ts', import.meta.url) } = deps
  let worker: Worker | undefined
  let exited: Promise<void> = Promise.resolve()
  let restart: NodeJS.Timeout | undefined
  let deaths = 0
  let stopping = false

  function launch(): Promise<void> {
    const ready = Promise.withResolvers<void>()
    const end = Promise.withResolvers<void>()
    let alive = false
    let reason = 'the thread of the history ended'
    worker = new Worker(script, { workerData: data, name: 'history' })
    exited = end.promise
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'ready') {
        alive = true
        events.onReady()
        ready.resolve()
      } else if (message.kind === 'refused') {
        ready.reject(new LinliError(message.failure.code, message.failure.message))
      } else {
        if (message.kind === 'write') deaths = 0
        events.onMessage(message)
      }
    })
    worker.on('error', (error) => {
      reason = `the thread of the history died: ${String(error)}`
    })
    worker.on('exit', () => {
      worker = undefined
      ready.reject(new LinliError('HISTORY_UNAVAILABLE', reason))
      end.resolve()
      events.onEnd(reason)
      if (alive && !stopping) relaunch(reason)
    })
    return ready.promise
  }

  /** Nothing is lost: a new thread continues from the journal. */
  function relaunch(reason: string): void {
    const waitMs = backoffOf(++deaths, undefined, Math.random(), defaultBackoff)
    logger.error({ reason, deaths, waitMs: Math.round(waitMs) }, 'restarting the history')
    restart = setTimeout(() => {
      launch().catch((error: unknown) => {
        if (!stopping) relaunch(String(error))
      })
    }, waitMs)
  }

  async function stop(ms: number): Promise<void> {
    stopping = true
    clearTimeout(restart)
    worker?.postMessage({ kind: 'stop' } satisfies ToWorker)
    const timer = setTimeout(() => {
      logger.warn({}, 'the history did not finish in time; the journal keeps the rest')
      void worker?.terminate()
    }, ms)
    await exited
    clearTimeout(timer)
  }

  return { start: launch, post: (message) => worker?.postMessage(message), stop }
}
