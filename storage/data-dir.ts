/** The hub's data directory: made when missing, held by one hub at a time. */
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
  /** Lets the next hub in. Calling it twice is harmless. */
  release(): void
}

/**
 * Takes the directory for this process. Throws DATA_DIR_IN_USE, naming the holder, when another hub (or this one) has it.
 * The lock is the kernel's, on an SQLite file: it ends with the process however that dies, and a pid used again by another
 * program means nothing. The pid is only written down for the message. Keep what is returned until `release`: a lock that
 * nobody refers to is collected, and lets go.
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
    // Names, phones and password hashes lie in it: nobody else's business.
    mkdirSync(root, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new LinliError('CONFIG_INVALID', `The data directory ${root} cannot be made: ${String(error)}`, {
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
    `The data directory ${root} is in use by another hub${holder(root)}. Stop that one first, or name another directory.`,
  )
}

function holder(root: string): string {
  try {
    return ` (process ${readFileSync(join(root, 'hub.pid'), 'utf8').trim()})`
  } catch {
    return ''
  }
}
