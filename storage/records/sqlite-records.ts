/** The records on SQLite, in a thread of their own so that fsync does not block the event loop. */
import { Kysely } from 'kysely'
import type { FeedCursor } from '../../model/change.ts'
import type { Records } from '../../model/ports/records.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/table.ts'
import { createRecords } from './records.ts'
import { openRecordsThread, sqliteDialect } from './sqlite.ts'
import { resetEpoch } from './stores/changes.ts'
import type { Tables } from './tables.ts'

/**
 * Opens or creates the records and migrates them to the newest schema. Rejects with STORAGE_CORRUPT (a damaged file is
 * never replaced by an empty one) or STORAGE_FAILED. After a failed disk every call rejects until the hub is restarted.
 */
export async function openSqliteRecords(path: string): Promise<Records> {
  return createRecords(await openDatabase(path))
}

/** Gives the change log a new epoch, so that every console starts from a snapshot. For a restore; records must be closed. */
export async function resetRecordsEpoch(path: string): Promise<FeedCursor> {
  const db = await openDatabase(path)
  try {
    return await resetEpoch(db)
  } finally {
    await db.destroy()
  }
}

async function openDatabase(path: string): Promise<Kysely<Tables>> {
  const thread = await openRecordsThread(path)
  const db = new Kysely<Tables>({ dialect: sqliteDialect(thread) })
  try {
    await migrate(db, migrations)
    return db
  } catch (error) {
    await thread.close()
    throw error
  }
}
