/** The history as the hub sees it: runs in a thread of its own, follows the journal by itself, answers charts. */
import { Worker } from 'node:worker_threads'
import type { Cancel, Clock } from '../../model/clock.ts'
import { LinliError } from '../../model/errors.ts'
import type { History, HistoryPoint, HistoryQuery } from '../../model/ports/history.ts'
import type { Logger } from '../../model/ports/logger.ts'
import type { Metrics } from '../../model/ports/metrics.ts'
import { backoffOf, defaultBackoff } from './backoff.ts'
import type { EngineOptions } from './engines.ts'
import { createHistoryMetrics } from './metrics.ts'
import type { FromWorker, Question, ToWorker, WorkerData } from './protocol.ts'
import type { PumpStatus } from './pump.ts'

export interface HistoryServiceDeps {
  readonly journalPath: string
  /** The hub's clock: roll-ups and retention go by it. */
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
}

export interface HistoryService extends Pick<History, 'query' | 'count'> {
  /**
   * Resolves when the thread follows the journal; an engine that is away does not hold it up. Rejects with
   * STORAGE_CORRUPT, DATA_DIR_IN_USE or CONFIG_INVALID.
   */
  start(): Promise<void>
  /** Stores what is journaled already, 5 s at most, and ends the thread. */
  stop(): Promise<void>
  /** Tells that the journal has grown; cheap, for every append. */
  wake(): void
  /** As last told by the thread, at most about a second ago while it works. */
  status(): PumpStatus
}

const TICK_MS = 30_000
const STOP_MS = 5000

export function createHistoryService(options: EngineOptions, deps: HistoryServiceDeps): HistoryService {
  const { logger, clock } = deps
  const wakeFlag = new Int32Array(new SharedArrayBuffer(4))
  const questions = createQuestions()
  const metrics = createHistoryMetrics(deps.metrics, () => status)
  let status: PumpStatus = { cursor: 0, behind: 0, state: 'waiting', reason: 'not started' }
  let worker: Worker | undefined
  let exited: Promise<void> = Promise.resolve()
  let stopTicks: Cancel = () => {}
  let restart: NodeJS.Timeout | undefined
  let crashes = 0
  let stopping = false

  const post = (message: ToWorker): void => worker?.postMessage(message)

  function launch(): Promise<void> {
    const ready = Promise.withResolvers<void>()
    const data: WorkerData = {
      options,
      journalPath: deps.journalPath,
      wakeFlag: wakeFlag.buffer as SharedArrayBuffer,
    }
    const started = new Worker(new URL('./worker.ts', import.meta.url), { workerData: data, name: 'history' })
    const ended = Promise.withResolvers<void>()
    worker = started
    exited = ended.promise
    let refused = false
    started.on('message', (message: FromWorker) => {
      if (message.kind === 'ready') ready.resolve()
      else if (message.kind === 'refused') {
        refused = true
        ready.reject(new LinliError(message.failure.code, message.failure.message))
      } else receive(message)
    })
    started.on('error', (error) => {
      logger.error({ error: String(error) }, 'the thread of the history died')
      status = { ...status, state: 'waiting', reason: String(error) }
    })
    started.on('exit', () => {
      questions.fail()
      ended.resolve()
      ready.reject(new LinliError('HISTORY_UNAVAILABLE', 'the thread of the history ended'))
      if (!stopping && !refused) relaunch()
    })
    return ready.promise
  }

  /** The journal has everything, so a new thread goes on where the old one died. */
  function relaunch(): void {
    crashes++
    const waitMs = backoffOf(crashes, undefined, Math.random(), defaultBackoff)
    restart = setTimeout(() => void launch().catch(() => {}), waitMs)
  }

  function receive(message: Exclude<FromWorker, { kind: 'ready' | 'refused' }>): void {
    switch (message.kind) {
      case 'status':
        status = message.status
        break
      case 'write':
        crashes = 0
        metrics.record(message.write)
        break
      case 'log':
        logger[message.level](message.fields, message.message)
        break
      case 'answer':
        questions.resolve(message.id, message.answer)
        break
      case 'fault':
        questions.reject(message.id, new LinliError(message.failure.code, message.failure.message))
    }
  }

  async function ask(question: Question): Promise<HistoryPoint[] | number> {
    if (!worker || stopping) throw new LinliError('HISTORY_UNAVAILABLE', 'the history does not run')
    const { id, answer } = questions.add()
    post({ kind: 'ask', id, question })
    return answer
  }

  return {
    async start() {
      await launch()
      const tick = (): void => post({ kind: 'tick', now: clock.now() })
      stopTicks = clock.every(TICK_MS, tick)
      tick()
    },
    async stop() {
      stopping = true
      stopTicks()
      clearTimeout(restart)
      post({ kind: 'stop' })
      const timer = setTimeout(() => {
        logger.warn({ ...status }, 'the history did not finish in time; the journal keeps the rest')
        void worker?.terminate()
      }, STOP_MS)
      await exited
      clearTimeout(timer)
    },
    wake() {
      if (Atomics.exchange(wakeFlag, 0, 1) === 0) post({ kind: 'wake' })
    },
    status: () => status,
    query: async (query: HistoryQuery) => (await ask({ kind: 'query', query })) as HistoryPoint[],
    count: async (query) => (await ask({ kind: 'count', query })) as number,
  }
}

/** Questions under way, by number. */
function createQuestions() {
  type Answer = HistoryPoint[] | number
  const waiting = new Map<number, PromiseWithResolvers<Answer>>()
  let lastId = 0
  const take = (id: number) => {
    const question = waiting.get(id)
    waiting.delete(id)
    return question
  }
  return {
    add(): { id: number; answer: Promise<Answer> } {
      const question = Promise.withResolvers<Answer>()
      waiting.set(++lastId, question)
      return { id: lastId, answer: question.promise }
    },
    resolve: (id: number, answer: Answer): void => take(id)?.resolve(answer),
    reject: (id: number, error: LinliError): void => take(id)?.reject(error),
    fail(): void {
      for (const { reject } of waiting.values())
        reject(new LinliError('HISTORY_UNAVAILABLE', 'the thread of the history ended'))
      waiting.clear()
    },
  }
}
