/** The hub's side of the history: a thread that follows the journal and answers chart queries. */
import type { Cancel, Clock } from '../../model/clock.ts'
import { LinliError } from '../../model/errors.ts'
import type { History, HistoryPoint, HistoryQuery } from '../../model/ports/history.ts'
import type { Logger } from '../../model/ports/logger.ts'
import type { Metrics } from '../../model/ports/metrics.ts'
import type { EngineOptions } from './engines.ts'
import { createHistoryMetrics } from './metrics.ts'
import { type Answer, createPendingRequests } from './pending-requests.ts'
import type { WorkerQuery } from './protocol.ts'
import type { PumpStatus } from './pump.ts'
import { createHistoryThread, type WorkerMessage } from './thread.ts'

export interface HistoryServiceDeps {
  readonly journalPath: string
  /** The hub's clock: roll-ups and retention go by it. */
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
}

export interface HistoryService extends Pick<History, 'query' | 'count'> {
  /**
   * Resolves when the thread follows the journal, also while the engine cannot be reached. Rejects with
   * STORAGE_CORRUPT, DATA_DIR_IN_USE or CONFIG_INVALID.
   */
  start(): Promise<void>
  /** Stores what the journal contains, within 5 s, and ends the thread. */
  stop(): Promise<void>
  /** The journal has grown; cheap enough for every append. */
  notify(): void
  /** The thread's last report, at most about a second old while it works. */
  status(): PumpStatus
}

const TICK_MS = 30_000
const STOP_MS = 5000

export function createHistoryService(options: EngineOptions, deps: HistoryServiceDeps): HistoryService {
  const { logger, clock, journalPath } = deps
  const notifyFlag = new SharedArrayBuffer(4)
  const flag = new Int32Array(notifyFlag)
  const requests = createPendingRequests()
  const metrics = createHistoryMetrics(deps.metrics, () => status)
  let status: PumpStatus = { cursor: 0, behind: 0, state: 'waiting', reason: 'not started' }
  let stopTicks: Cancel = () => {}
  let running = false

  function onReady(): void {
    running = true
  }

  function onMessage(message: WorkerMessage): void {
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
        requests.resolve(message.id, message.answer)
        break
      case 'failure':
        requests.reject(message.id, new LinliError(message.failure.code, message.failure.message))
    }
  }

  function onEnd(reason: string): void {
    running = false
    status = { ...status, state: 'waiting', reason }
    requests.failAll(reason)
  }

  const thread = createHistoryThread(
    { options, journalPath, notifyFlag },
    { logger, events: { onReady, onMessage, onEnd } },
  )

  async function request(query: WorkerQuery): Promise<Answer> {
    if (!running) throw new LinliError('HISTORY_UNAVAILABLE', 'the history is not running')
    const { id, answer } = requests.add()
    thread.post({ kind: 'request', id, query })
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
    notify() {
      if (Atomics.exchange(flag, 0, 1) === 0) thread.post({ kind: 'notify' })
    },
    status: () => status,
    query: async (query: HistoryQuery) => (await request({ kind: 'query', query })) as HistoryPoint[],
    count: async (query) => (await request({ kind: 'count', query })) as number,
  }
}
