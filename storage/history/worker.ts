/** The history's thread: engine, pump and its own read-only journal (decision 1, part 3). Started by `thread.ts`. */

import { setPriority } from 'node:os'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { LinliError } from '../../model/errors.ts'
import type { History } from '../../model/ports/history.ts'
import type { Logger } from '../../model/ports/logger.ts'
import { createSignal, type Signal } from '../../model/signal.ts'
import { openJournalReader } from '../journal/reader.ts'
import { openHistory } from './engines.ts'
import type { Answer } from './pending-requests.ts'
import type { Failure, FromWorker, ToWorker, WorkerData, WorkerQuery } from './protocol.ts'
import { createPump, defaultPump } from './pump.ts'
import { backoffOf, defaultBackoff, messageOf } from './retry.ts'
import { createUpkeep } from './upkeep.ts'

type Post = (message: FromWorker) => void

/** An open history with its pump and upkeep. */
interface Work {
  readonly history: History
  notify(): void
  tick(now: number): Promise<void>
  stop(): Promise<void>
}

function startWork(data: WorkerData, history: History, post: Post): Work {
  const logger = createPortLogger(post)
  const notifyFlag = new Int32Array(data.notifyFlag)
  const journal = openJournalReader(data.journalPath)
  const pump = createPump(defaultPump, {
    history,
    logger,
    journal: {
      lastSeq: () => journal.lastSeq(),
      page(after, limit) {
        // Reset before the read: an append during it sends another notification.
        Atomics.store(notifyFlag, 0, 0)
        return journal.page(after, limit)
      },
    },
    onStatus: (status) => post({ kind: 'status', status }),
    onWrite: (write) => post({ kind: 'write', write }),
  })
  const upkeep = createUpkeep(data.options, { history, logger })
  pump.start()
  return {
    history,
    notify: () => pump.notify(),
    tick: (now) => upkeep.tick(now),
    async stop() {
      await pump.stop()
      await history.close()
      journal.close()
    },
  }
}

/** Retries until the engine is open or the thread stops. Throws when a retry is useless. */
async function openWork(data: WorkerData, stopping: Signal, post: Post): Promise<Work | undefined> {
  for (let failures = 1; !stopping.isClosed(); failures++) {
    try {
      return startWork(data, await openHistory(data.options, { logger: createPortLogger(post) }), post)
    } catch (error) {
      const { code, message } = failureOf(error)
      if (code !== 'HISTORY_UNAVAILABLE') throw error
      post({ kind: 'status', status: { cursor: 0, behind: 0, state: 'waiting', reason: message } })
      // The hub starts without waiting for the engine.
      post({ kind: 'ready' })
      await stopping.pause(backoffOf(failures, error, Math.random(), defaultBackoff))
    }
  }
  return undefined
}

async function answer(history: History | undefined, query: WorkerQuery): Promise<Answer> {
  if (!history) throw new LinliError('HISTORY_UNAVAILABLE', 'the history is not open')
  return query.kind === 'query' ? history.query(query.query) : history.count(query.query)
}

function serve(port: MessagePort, data: WorkerData): void {
  const post: Post = (message) => port.postMessage(message)
  const stopping = createSignal()
  let work: Work | undefined
  const opening = openWork(data, stopping, post).then(
    (opened) => {
      work = opened
      post({ kind: 'ready' })
    },
    (error: unknown) => {
      post({ kind: 'refused', failure: failureOf(error) })
      port.close()
    },
  )

  async function stop(): Promise<void> {
    stopping.close()
    await opening
    await work?.stop()
    port.close()
  }

  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'notify':
        work?.notify()
        break
      case 'tick':
        void work?.tick(message.now)
        break
      case 'request': {
        const { id, query } = message
        answer(work?.history, query).then(
          (found) => post({ kind: 'answer', id, answer: found }),
          (error: unknown) => post({ kind: 'failure', id, failure: failureOf(error) }),
        )
        break
      }
      case 'stop':
        void stop()
    }
  })
}

function failureOf(error: unknown): Failure {
  const code = error instanceof LinliError ? error.code : 'HISTORY_UNAVAILABLE'
  return { code, message: messageOf(error) }
}

function createPortLogger(post: Post): Logger {
  const at = (level: keyof Logger) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    post({ kind: 'log', level, fields, message })
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/**
 * Under CPU pressure acknowledgements go first and the history catches up later. On Linux a priority applies to this
 * thread and those that the engine starts; elsewhere it would apply to the whole process.
 */
const NICE = 10

if (parentPort) {
  if (process.platform === 'linux') setPriority(NICE)
  serve(parentPort, workerData as WorkerData)
}
