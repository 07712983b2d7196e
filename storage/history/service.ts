/** The history as the hub sees it: runs in a thread of its own, follows the journal by itself, answers charts. */
import type { Cancel, Clock } from '../../model/clock.ts'
import { LinliError } from '../../model/errors.ts'
import type { History, HistoryPoint, HistoryQuery } from '../../model/ports/history.ts'
import type { Logger } from '../../model/ports/logger.ts'
import type { Metrics } from '../../model/ports/metrics.ts'
import type { EngineOptions } from './engines.ts'
import { createHistoryMetrics } from './metrics.ts'
import { type Answer, createQuestions } from './pending-requests.ts'
import type { Question } from './protocol.ts'
import type { PumpStatus } from './pump.ts'
import { createHistoryThread, type Told } from './thread.ts'

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
  const { logger, clock, journalPath } = deps
  const wakeFlag = new SharedArrayBuffer(4)
  const flag = new Int32Array(wakeFlag)
  const questions = createQuestions()
  const metrics = createHistoryMetrics(deps.metrics, () => status)
  let status: PumpStatus = { cursor: 0, behind: 0, state: 'waiting', reason: 'not started' }
  let stopTicks: Cancel = () => {}
  let running = false

  function onReady(): void {
    running = true
  }

  function onTold(message: Told): void {
    switch (message.kind) {
      case 'status':
        status = message.status
        break
      case 'write':
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

  function onEnd(reason: string): void {
    running = false
    status = { ...status, state: 'waiting', reason }
    questions.failAll(reason)
  }

  const thread = createHistoryThread(
    { options, journalPath, wakeFlag },
    { logger, events: { onReady, onTold, onEnd } },
  )

  async function ask(question: Question): Promise<Answer> {
    if (!running) throw new LinliError('HISTORY_UNAVAILABLE', 'the history does not run')
    const { id, answer } = questions.add()
    thread.post({ kind: 'ask', id, question })
    return answer
  }

  return {
    async start() {
      await thread.start()
      const tick = (): void => thread.post({ kind: 'tick', now: clock.now() })
      stopTicks = clock.every(TICK_MS, tick)
      tick()
    },
    async stop() {
      stopTicks()
      await thread.stop(STOP_MS)
    },
    wake() {
      if (Atomics.exchange(flag, 0, 1) === 0) thread.post({ kind: 'wake' })
    },
    status: () => status,
    query: async (query: HistoryQuery) => (await ask({ kind: 'query', query })) as HistoryPoint[],
    count: async (query) => (await ask({ kind: 'count', query })) as number,
  }
}
