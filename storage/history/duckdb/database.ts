/** Opens the DuckDB file with its tables. */
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
  /** Memory limit of DuckDB, MiB; more is spilled to disk beside the file. */
  readonly memoryMb: number
  readonly types: ReadonlyMap<string, DeviceType>
}

/** Two connections, so that a chart does not wait for a write. */
export interface Database {
  readonly writer: DuckDBConnection
  readonly reader: DuckDBConnection
  /** Buffers of the writer. */
  readonly tables: Tables
  close(): void
}

/** Throws DATA_DIR_IN_USE, HISTORY_UNAVAILABLE (disk, permissions) or STORAGE_CORRUPT. */
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
      // Writes wait during checkpoints; a larger write-ahead log makes them rarer.
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
  const message = messageOf(cause)
  if (/could not set lock|conflicting lock|being used by another process/i.test(message))
    return new LinliError('DATA_DIR_IN_USE', `history ${path} is open in another process`, { cause })
  if (
    /no space|could not write|file too large|permission denied|too many open files|cannot open file/i.test(
      message,
    )
  )
    return new HistoryUnavailable(`history ${path} cannot be opened: ${message}`, { cause })
  return new LinliError(
    'STORAGE_CORRUPT',
    `history ${path} cannot be read: ${message}. Restore it from a backup, or move it away: a new one is filled from the entries that the journal still contains`,
    { cause },
  )
}
