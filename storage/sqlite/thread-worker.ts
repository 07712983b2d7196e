/** The thread that owns the writing connection of a database; started by `thread.ts`. */
import type { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { crc32 } from 'node:zlib'
import { openDatabaseFile } from './database-file.ts'
import { faultOf, isFatal, type SqliteFault } from './fault.ts'
import type { FaultMessage, Opened, Reply, Request, Statement, ThreadData } from './protocol.ts'
import { createStatementRunner } from './statements.ts'

const { file, checkpointBytes } = workerData as ThreadData

if (parentPort) serve(parentPort)

function serve(port: NonNullable<typeof parentPort>): void {
  const post = (message: Opened | Reply): void => port.postMessage(message)
  let database: DatabaseSync
  try {
    database = openDatabaseFile(file)
    database.function('crc32', { deterministic: true }, (bytes) => crc32(bytes as Uint8Array))
  } catch (error) {
    post({ opened: false, fault: textOf(faultOf(error)) })
    port.close()
    return
  }
  const handler = createHandler(database)
  port.on('message', (request: Request) => {
    post(handler.answer(request))
    if (request.kind === 'close') port.close()
    else handler.checkpoint()
  })
  post({ opened: true })
}

function createHandler(database: DatabaseSync) {
  const runner = createStatementRunner(database)
  let sinceCheckpoint = 0
  let broken: SqliteFault | undefined

  /** Remembers fatal faults; see `fault.ts`. */
  function faultText(error: unknown): FaultMessage {
    const fault = faultOf(error)
    if (isFatal(fault.kind)) broken ??= fault
    return textOf(fault)
  }

  function answer(request: Request): Reply {
    const { id } = request
    try {
      if (request.kind === 'close') {
        database.close()
        return { id, results: [] }
      }
      if (broken) return { id, fault: textOf(broken) }
      const statements = request.kind === 'batch' ? request.statements : [request.statement]
      sinceCheckpoint += bytesOf(statements)
      const results = request.kind === 'batch' ? runner.batch(statements) : [runner.run(request.statement)]
      return { id, results }
    } catch (error) {
      return { id, fault: faultText(error) }
    }
  }

  /** Runs after the answer, so that only the next request waits for it. After a full disk it is retried later. */
  function checkpoint(): void {
    if (sinceCheckpoint < checkpointBytes || broken || !database.isOpen || database.isTransaction) return
    try {
      database.exec('PRAGMA wal_checkpoint(PASSIVE)')
      sinceCheckpoint = 0
    } catch (error) {
      faultText(error)
    }
  }

  return { answer, checkpoint }
}

function bytesOf(statements: readonly Statement[]): number {
  let bytes = 0
  for (const { parameters } of statements)
    for (const value of parameters)
      bytes += typeof value === 'string' || value instanceof Uint8Array ? value.length : 8
  return bytes
}

function textOf({ kind, message }: SqliteFault): FaultMessage {
  return { kind, message }
}
