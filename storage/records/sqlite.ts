/** The SQLite part of the records: the file, the Kysely dialect, and the mapping of errors. */
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
    // A file without any table has size 0 and would look truncated.
    createSql: 'CREATE TABLE made (by TEXT NOT NULL) STRICT',
    pageSize: 4096,
    checkUpTo: 1024 * 1024 * 1024,
    maxPages,
  }
}

/** Opens or creates the file; `maxPages` 0 = no limit. Rejects with STORAGE_CORRUPT or STORAGE_FAILED. */
export async function openRecordsThread(path: string, maxPages = 0): Promise<SqliteThread> {
  const file = recordsFile(path, maxPages)
  try {
    return await openSqliteThread('records', { file, checkpointBytes: CHECKPOINT_BYTES })
  } catch (error) {
    throw recordsError(error)
  }
}

/** Kysely serialises transactions, because the adapter has a single connection. */
export function sqliteDialect(thread: SqliteThread): Dialect {
  return {
    createAdapter: () => new TransactionalDdlAdapter(),
    createDriver: () => createDriver(thread),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

/** SQLite rolls back schema changes; migrations rely on it. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

function createDriver(thread: SqliteThread): Driver {
  const connection = createConnection(thread)
  const execute = async (sql: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(sql))
  }
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: () => execute('BEGIN IMMEDIATE'),
    commitTransaction: () => execute('COMMIT'),
    rollbackTransaction: () => rollBack(execute),
    releaseConnection: async () => {},
    destroy: () => thread.close(),
  }
}

/** After some errors SQLite has already rolled back; then ROLLBACK fails, which is ignored. */
async function rollBack(execute: (sql: string) => Promise<void>): Promise<void> {
  try {
    await execute('ROLLBACK')
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
    streamQuery() {
      throw new Error('the records do not stream')
    },
  }
}

/** Errors of statements are bugs and are not converted. */
function recordsError(error: unknown): unknown {
  if (!(error instanceof SqliteFault) || error.kind === 'statement') return error
  const damaged = error.kind === 'corrupt'
  return new LinliError(
    damaged ? 'STORAGE_CORRUPT' : 'STORAGE_FAILED',
    damaged ? `The records are damaged: ${error.message}` : `The records cannot be written: ${error.message}`,
    { cause: error },
  )
}
