/** The history's thread: engine, pump and its own read-only journal (decision 1, part 3). Started by `service.ts`. */
import { parentPort, workerData } from 'node:worker_threads'
import { LinliError } from '../../model/errors.ts'
import type { History } from '../../model/ports/history.ts'
import type { Logger } from '../../model/ports/logger.ts'
import { type JournalReader, openJournalReader } from '../journal/reader.ts'
import { backoffOf, defaultBackoff } from './backoff.ts'
import { openHistory } from './engines.ts'
import type { Failure, FromWorker, Question, ToWorker, WorkerData } from './protocol.ts'
import { createPump, defaultPump, type Pump } from './pump.ts'
import { createRest } from './rest.ts'
import { messageOf } from './unavailable.ts'
import { createUpkeep, type Upkeep } from './upkeep.ts'

interface Opened {
  readonly history: History
  readonly journal: JournalReader
  readonly pump: Pump
  readonly upkeep: Upkeep
}

function serve(port: NonNullable<typeof parentPort>, data: WorkerData): void {
  const post = (message: FromWorker): void => port.postMessage(message)
  const wakeFlag = new Int32Array(data.wakeFlag)
  const logger = createPortLogger(post)
  const rest = createRest()
  let opened: Opened | undefined
  let stopping = false

  function build(history: History): Opened {
    const journal = openJournalReader(data.journalPath)
    const pump = createPump(defaultPump, {
      history,
      logger,
      journal: {
        lastSeq: () => journal.lastSeq(),
        read(after, limit) {
          Atomics.store(wakeFlag, 0, 0)
          return journal.read(after, limit)
        },
      },
      onStatus: (status) => post({ kind: 'status', status }),
      onWrite: (write) => post({ kind: 'write', write }),
    })
    return { history, journal, pump, upkeep: createUpkeep(data.options, { history, logger }) }
  }

  /** Until the engine is open; one that is only away for now is tried again. */
  async function open(): Promise<void> {
    for (let failures = 1; !stopping; failures++) {
      try {
        opened = build(await openHistory(data.options, { logger }))
        opened.pump.start()
        break
      } catch (error) {
        const failure = failureOf(error)
        if (failure.code !== 'HISTORY_UNAVAILABLE') {
          post({ kind: 'refused', failure })
          port.close()
          return
        }
        post({ kind: 'status', status: { cursor: 0, behind: 0, state: 'waiting', reason: failure.message } })
        post({ kind: 'ready' })
        await rest.pause(backoffOf(failures, error, Math.random(), defaultBackoff))
      }
    }
    post({ kind: 'ready' })
  }

  async function answer(id: number, question: Question): Promise<void> {
    try {
      if (!opened) throw new LinliError('HISTORY_UNAVAILABLE', 'the history is not open')
      const { history } = opened
      const found =
        question.kind === 'query' ? await history.query(question.query) : await history.count(question.query)
      post({ kind: 'answer', id, answer: found })
    } catch (error) {
      post({ kind: 'fault', id, failure: failureOf(error) })
    }
  }

  async function stop(): Promise<void> {
    stopping = true
    rest.end()
    await opening
    await opened?.pump.stop()
    await opened?.history.close()
    opened?.journal.close()
    port.close()
  }

  const opening = open()
  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'wake':
        opened?.pump.wake()
        break
      case 'tick':
        void opened?.upkeep.tick(message.now)
        break
      case 'ask':
        void answer(message.id, message.question)
        break
      case 'stop':
        void stop()
    }
  })
}

function failureOf(error: unknown): Failure {
  const code = error instanceof LinliError ? error.code : 'HISTORY_UNAVAILABLE'
  return { code, message: messageOf(error) }
}

function createPortLogger(post: (message: FromWorker) => void): Logger {
  const at = (level: keyof Logger) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    post({ kind: 'log', level, fields, message })
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

if (parentPort) serve(parentPort, workerData as WorkerData)
