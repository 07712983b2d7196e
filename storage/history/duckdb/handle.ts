/** Holds the database for its users; DuckDB gives one up after a failed disk write, then it is opened anew. */
import { LinliError } from '../../../model/errors.ts'
import { HistoryUnavailable, messageOf } from '../unavailable.ts'
import { type Database, type DatabaseOptions, openDatabase } from './database.ts'

export interface HeldDatabase {
  /** Throws what `work` throws, DuckDB's own errors as HISTORY_UNAVAILABLE. */
  use<T>(work: (database: Database) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** DuckDB's words for a database that answers nothing any more until it is opened again. */
const givenUp = /fatal|invalidated/i

export async function holdDatabase(options: DatabaseOptions): Promise<HeldDatabase> {
  let current: Database | undefined = await openDatabase(options)
  let broken = false
  let users = 0
  let reopening: Promise<Database> | undefined
  let whenIdle: (() => void) | undefined

  /** Closing under a running query would crash, so the last user is waited for. */
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
        broken ||= givenUp.test(messageOf(error))
        throw new HistoryUnavailable(`history: ${messageOf(error)}`, { cause: error })
      } finally {
        users--
        if (users === 0) whenIdle?.()
      }
    },
    close,
  }
}
