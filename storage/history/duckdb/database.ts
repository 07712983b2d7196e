/** Opens the DuckDB file, says what is wrong with it in the house's words, and opens it anew after a fatal error. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { DeviceType } from '../../../model/device-type.ts'
import { LinliError } from '../../../model/errors.ts'
import { HistoryUnavailable, messageOf } from '../retry.ts'
import { createTables, type Tables } from './append.ts'
import { prepareTables } from './schema.ts'

export interface DatabaseOptions {
  /** The file; `:memory:` for none. */
  readonly path: string
  readonly threads: number
  /** What DuckDB may keep in memory, MiB; more is spilled to disk beside the file. */
  readonly memoryMb: number
  readonly types: ReadonlyMap<string, DeviceType>
}

/** Two connections, so that a chart does not wait for a write. */
export interface Database {
  readonly writer: DuckDBConnection
  readonly reader: DuckDBConnection
  /** For the writer. */
  readonly tables: Tables
  close(): void
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.path !== ':memory:') mkdirSync(dirname(options.path), { recursive: true })
  const instance = await createInstance(options)
  try {
    const writer = await instance.connect()
    await prepareTables(writer, options.types)
    const tables = await createTables(writer, options.types)
    const reader = await instance.connect()
    return {
      writer,
      reader,
      tables,
      close() {
        reader.closeSync()
        writer.closeSync()
        instance.closeSync()
      },
    }
  } catch (error) {
    instance.closeSync()
    throw error instanceof LinliError ? error : openFailure(options.path, error)
  }
}

async function createInstance(options: DatabaseOptions): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(options.path, {
      threads: String(options.threads),
      memory_limit: `${options.memoryMb}MB`,
      // A bigger write-ahead log makes checkpoints, during which writes wait, rarer.
      wal_autocheckpoint: '64MB',
      preserve_insertion_order: 'false',
      autoinstall_known_extensions: 'false',
      enable_external_access: 'false',
    })
  } catch (error) {
    throw openFailure(options.path, error)
  }
}

function openFailure(path: string, cause: unknown): LinliError {
  const words = messageOf(cause)
  if (/could not set lock|conflicting lock|being used by another process/i.test(words))
    return new LinliError('DATA_DIR_IN_USE', `history ${path} is open in another process`, { cause })
  if (
    /no space|could not write|file too large|permission denied|too many open files|cannot open file/i.test(
      words,
    )
  )
    return new HistoryUnavailable(`history ${path} cannot be opened: ${words}`, { cause })
  return new LinliError(
    'STORAGE_CORRUPT',
    `history ${path} cannot be read: ${words}. Restore it from a backup, or move it away: a new one is filled from the journal as far as that reaches`,
    { cause },
  )
}
