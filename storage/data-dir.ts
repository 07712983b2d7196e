/** The hub's data directory: created when missing, locked by one hub at a time. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LinliError } from '../model/errors.ts'
import { faultOf } from './sqlite/fault.ts'

export interface DataDir {
  readonly path: string
  readonly journalPath: string
  readonly recordsPath: string
  readonly historyPath: string
  /** Releases the lock; a second call does nothing. */
  release(): void
}

/**
 * Locks the directory for this process. Throws DATA_DIR_IN_USE with the pid when another hub (or this one) has locked it.
 * It is a kernel lock on an SQLite file, so it ends with the process in any case; the pid file serves only for the message.
 * Keep the returned object until `release`: a garbage-collected lock is released.
 */
export function openDataDir(path: string): DataDir {
  const root = resolve(path)
  makeDirectory(root)
  const lock = acquireLock(root)
  const pidFile = join(root, 'hub.pid')
  writeFileSync(pidFile, `${process.pid}\n`)
  return {
    path: root,
    journalPath: join(root, 'journal.db'),
    recordsPath: join(root, 'records.db'),
    historyPath: join(root, 'history.duckdb'),
    release() {
      if (!lock.isOpen) return
      rmSync(pidFile, { force: true })
      lock.close()
    },
  }
}

function makeDirectory(root: string): void {
  try {
    // Contains names, phones and password hashes: no access for other users.
    mkdirSync(root, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new LinliError('CONFIG_INVALID', `The data directory ${root} cannot be created: ${String(error)}`, {
      cause: error,
    })
  }
}

function acquireLock(root: string): DatabaseSync {
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(join(root, 'hub.lock'), { timeout: 0 })
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock?.close()
    const fault = faultOf(error)
    if (fault.kind === 'busy') throw inUse(root)
    throw new LinliError('CONFIG_INVALID', `The data directory ${root} cannot be used: ${fault.message}`, {
      cause: error,
    })
  }
}

function inUse(root: string): LinliError {
  return new LinliError(
    'DATA_DIR_IN_USE',
    `The data directory ${root} is in use by another hub${lockedBy(root)}. Stop it first, or choose another directory.`,
  )
}

function lockedBy(root: string): string {
  try {
    return ` (process ${readFileSync(join(root, 'hub.pid'), 'utf8').trim()})`
  } catch {
    return ''
  }
}
