/** All that is SQLite about the records: the file, the thread behind Kysely, and what its errors mean. */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { LinliError } from '../../model/errors.ts'
import type { DatabaseFile } from '../sqlite/database-file.ts'
import { SqliteFault } from '../sqlite/fault.ts'
import type { SqlValue } from '../sqlite/protocol.ts'
import { openSqliteThread, type SqliteThread } from '../sqlite/thread.ts'

const CHECKPOINT_BYTES = 4 * 1024 * 1024

function recordsFile(path: string, maxPages: number): DatabaseFile {
  return {
    path,
    applicationId: 0x4c4a4e52,
    // A file without any table has no pages of its own, and would look like a torn one.
    createSql: 'CREATE TABLE made (by TEXT NOT NULL) STRICT',
    pageSize: 4096,
    checkUpTo: 1024 * 1024 * 1024,
    maxPages,
  }
}

/** Opens or makes the file; `maxPages` 0 = as far as the disk goes. Rejects with STORAGE_CORRUPT or STORAGE_FAILED. */
export async function openRecordsThread(path: string, maxPages = 0): Promise<SqliteThread> {
  const file = recordsFile(path, maxPages)
  try {
    return await openSqliteThread('records', { file, checkpointBytes: CHECKPOINT_BYTES })
  } catch (error) {
    throw recordsError(error)
  }
}

/** Kysely keeps transactions apart itself, because the adapter says that there is one connection. */
export function sqliteDialect(thread: SqliteThread): Dialect {
  return {
    createAdapter: () => new TransactionalDdlAdapter(),
    createDriver: () => createDriver(thread),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

/** SQLite does roll schema changes back; migrations rely on it. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

function createDriver(thread: SqliteThread): Driver {
  const connection = createConnection(thread)
  const say = async (sql: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(sql))
  }
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: () => say('BEGIN IMMEDIATE'),
    commitTransaction: () => say('COMMIT'),
    rollbackTransaction: () => rollBack(say),
    releaseConnection: async () => {},
    destroy: () => thread.close(),
  }
}

/** After some errors SQLite has rolled back by itself, and says so to the second one who asks. */
async function rollBack(say: (sql: string) => Promise<void>): Promise<void> {
  try {
    await say('ROLLBACK')
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('no transaction is active')) throw error
  }
}

function createConnection(thread: SqliteThread): DatabaseConnection {
  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const parameters = query.parameters as readonly SqlValue[]
      try {
        const { rows, changes } = await thread.run({ sql: query.sql, parameters })
        return { rows: rows as unknown as R[], numAffectedRows: BigInt(changes) }
      } catch (error) {
        throw recordsError(error)
      }
    },
    // biome-ignore lint/correctness/useYield: rows come in pages by LIMIT; nothing streams
    async *streamQuery() {
      throw new Error('the records do not stream')
    },
  }
}

/** A wrong statement is a bug and passes as it is. */
function recordsError(error: unknown): unknown {
  if (!(error instanceof SqliteFault) || error.kind === 'statement') return error
  const damaged = error.kind === 'corrupt'
  return new LinliError(
    damaged ? 'STORAGE_CORRUPT' : 'STORAGE_FAILED',
    damaged ? `The records are damaged: ${error.message}` : `The records cannot be written: ${error.message}`,
    { cause: error },
  )
}
