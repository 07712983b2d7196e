/** One database shared by writes and charts; after a fatal error, e.g. a failed disk write, it is opened again. */
import { LinliError } from '../../../model/errors.ts'
import { HistoryUnavailable, messageOf } from '../retry.ts'
import { type Database, type DatabaseOptions, openDatabase } from './database.ts'

export interface SharedDatabase {
  /** Throws what `work` throws; errors of DuckDB as HISTORY_UNAVAILABLE. */
  use<T>(work: (database: Database) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** DuckDB's messages for a database that must be opened again. */
const fatalMessage = /fatal|invalidated/i

/** Throws as `openDatabase` does. */
export async function openSharedDatabase(options: DatabaseOptions): Promise<SharedDatabase> {
  let current: Database | undefined = await openDatabase(options)
  let broken = false
  let users = 0
  let reopening: Promise<Database> | undefined
  let whenIdle: (() => void) | undefined

  /** Waits for running queries first: closing under one would crash. */
  async function close(): Promise<void> {
    if (users > 0) {
      await new Promise<void>((resolve) => {
        whenIdle = resolve
      })
    }
    current?.close()
    current = undefined
  }

  async function reopen(): Promise<Database> {
    try {
      await close()
      current = await openDatabase(options)
      broken = false
      return current
    } finally {
      reopening = undefined
    }
  }

  function ready(): Promise<Database> | Database {
    if (current && !broken) return current
    reopening ??= reopen()
    return reopening
  }

  return {
    async use(work) {
      const database = await ready()
      users++
      try {
        return await work(database)
      } catch (error) {
        if (error instanceof LinliError) throw error
        broken ||= fatalMessage.test(messageOf(error))
        throw new HistoryUnavailable(`history: ${messageOf(error)}`, { cause: error })
      } finally {
        users--
        if (users === 0) whenIdle?.()
      }
    },
    close,
  }
}
