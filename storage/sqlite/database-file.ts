/** Creates and opens the file of a database; a damaged file is refused, never replaced by an empty one. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { faultOf, SqliteFault } from './fault.ts'

export interface DatabaseFile {
  readonly path: string
  /** Identifies the kind of file (`PRAGMA application_id`): any 32-bit number. */
  readonly applicationId: number
  /** Statements that create an empty database. */
  readonly createSql: string
  readonly pageSize: number
  /** Files up to this many bytes are checked completely at opening (`quick_check`, about 0.3 s per GB when cached). */
  readonly checkUpTo: number
  /** `PRAGMA max_page_count`; 0 = no limit. */
  readonly maxPages: number
}

/** Opens the database for its only writer, and creates it when missing. Throws SqliteFault. */
export function openDatabaseFile(file: DatabaseFile): DatabaseSync {
  try {
    if (!existsSync(file.path)) create(file)
    else if (statSync(file.path).size === 0) throw new SqliteFault('corrupt', `${file.path} is empty`)
    return open(file)
  } catch (error) {
    throw faultOf(error)
  }
}

/** Created under another name and then renamed, so that a kill never leaves an incomplete file. */
function create({ path, applicationId, createSql, pageSize }: DatabaseFile): void {
  if (existsSync(`${path}-wal`))
    throw new SqliteFault('corrupt', `${path} is missing, but its write-ahead log exists`)
  const draft = `${path}.new`
  for (const name of [draft, `${draft}-journal`]) rmSync(name, { force: true })
  const database = new DatabaseSync(draft)
  try {
    database.exec(
      `PRAGMA page_size = ${pageSize}; PRAGMA application_id = ${applicationId}; BEGIN; ${createSql}; COMMIT`,
    )
  } finally {
    database.close()
  }
  renameSync(draft, path)
  syncDirectory(dirname(path))
}

function open(file: DatabaseFile): DatabaseSync {
  const database = new DatabaseSync(file.path, { timeout: 5_000 })
  try {
    checkKind(database, file)
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0')
    database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_size_limit = 67108864')
    if (file.maxPages > 0) database.exec(`PRAGMA max_page_count = ${file.maxPages}`)
    if (statSync(file.path).size <= file.checkUpTo) checkIntegrity(database, file.path)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function checkKind(database: DatabaseSync, file: DatabaseFile): void {
  const id = database.prepare('PRAGMA application_id').get()?.application_id
  if (id !== file.applicationId)
    throw new SqliteFault('corrupt', `${file.path} is another kind of database (application id ${id})`)
}

function checkIntegrity(database: DatabaseSync, path: string): void {
  const found = database
    .prepare('PRAGMA quick_check(5)')
    .all()
    .map((row) => String(row.quick_check))
  if (found.length !== 1 || found[0] !== 'ok')
    throw new SqliteFault('corrupt', `${path} is damaged: ${found.join('; ')}`)
}

function syncDirectory(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
