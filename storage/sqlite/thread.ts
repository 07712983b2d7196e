/** A database in a thread of its own, so that fsync does not block the event loop. */
import { Worker } from 'node:worker_threads'
import { SqliteFault } from './fault.ts'
import type {
  FaultMessage,
  Opened,
  Reply,
  Request,
  Statement,
  StatementResult,
  ThreadData,
} from './protocol.ts'

export interface SqliteThread {
  /** One statement as it is, `BEGIN` and `COMMIT` included. Rejects with SqliteFault. */
  run(statement: Statement): Promise<StatementResult>
  /**
   * All statements in one transaction; resolves once it is on disk. Rejects with SqliteFault, and then nothing is stored.
   * Buffers in `transfer` are moved into the thread instead of copied, and are empty afterwards.
   */
  batch(
    statements: readonly Statement[],
    transfer?: readonly ArrayBuffer[],
  ): Promise<readonly StatementResult[]>
  close(): Promise<void>
}

interface PendingCall {
  readonly resolve: (results: readonly StatementResult[]) => void
  readonly reject: (error: SqliteFault) => void
}

/** Starts the thread and opens the database in it. Rejects with SqliteFault. */
export async function openSqliteThread(name: string, data: ThreadData): Promise<SqliteThread> {
  const worker = new Worker(new URL('./thread-worker.ts', import.meta.url), { workerData: data, name })
  const calls = createCalls(worker)
  await calls.opened
  return {
    run: async (statement) => (await calls.call({ kind: 'run', statement }))[0] ?? { rows: [], changes: 0 },
    batch: (statements, transfer) => calls.call({ kind: 'batch', statements }, transfer),
    close: calls.close,
  }
}

type NewRequest = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never

function createCalls(worker: Worker) {
  const waiting = new Map<number, PendingCall>()
  const opened = Promise.withResolvers<void>()
  const exited = Promise.withResolvers<void>()
  let gone: SqliteFault | undefined
  let nextId = 1
  let closing: Promise<void> | undefined

  function end(fault: SqliteFault): void {
    gone ??= fault
    opened.reject(gone)
    for (const { reject } of waiting.values()) reject(gone)
    waiting.clear()
  }

  function settle(reply: Reply): void {
    const call = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('results' in reply) call?.resolve(reply.results)
    else call?.reject(faultFrom(reply.fault))
  }

  worker.on('message', (message: Opened | Reply) => {
    if ('id' in message) settle(message)
    else if (message.opened) opened.resolve()
    else end(faultFrom(message.fault))
  })
  // Pending statements may or may not be on disk, so this is fatal like a failed disk.
  worker.on('error', (error) => end(new SqliteFault('io', `the database thread died: ${String(error)}`)))
  worker.on('exit', () => {
    end(new SqliteFault('io', 'the database is closed'))
    exited.resolve()
  })

  function call(
    request: NewRequest,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<readonly StatementResult[]> {
    if (gone) return Promise.reject(gone)
    const id = nextId++
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      worker.postMessage({ ...request, id }, transfer)
    })
  }

  async function closeThread(): Promise<void> {
    if (!gone) await call({ kind: 'close' })
    await exited.promise
  }

  return { opened: opened.promise, call, close: () => (closing ??= closeThread()) }
}

function faultFrom({ kind, message }: FaultMessage): SqliteFault {
  return new SqliteFault(kind, message)
}
