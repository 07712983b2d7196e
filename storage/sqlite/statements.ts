/** Runs statements on one connection; each is prepared once. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Statement, StatementResult } from './protocol.ts'

/** Limit of the cache: the text of an insert differs with its number of rows. */
const maxPrepared = 256

export interface StatementRunner {
  run(statement: Statement): StatementResult
  /** All or nothing, on disk when it returns. */
  batch(statements: readonly Statement[]): StatementResult[]
}

interface Prepared {
  readonly statement: StatementSync
  readonly returnsRows: boolean
}

export function createStatementRunner(database: DatabaseSync): StatementRunner {
  const prepared = new Map<string, Prepared>()

  function prepare(sql: string): Prepared {
    const known = prepared.get(sql)
    if (known) return known
    if (prepared.size >= maxPrepared) prepared.clear()
    const statement = database.prepare(sql)
    const created = { statement, returnsRows: statement.columns().length > 0 }
    prepared.set(sql, created)
    return created
  }

  function run({ sql, parameters }: Statement): StatementResult {
    const { statement, returnsRows } = prepare(sql)
    if (!returnsRows) return { rows: [], changes: Number(statement.run(...parameters).changes) }
    return { rows: statement.all(...parameters) as StatementResult['rows'], changes: 0 }
  }

  function batch(statements: readonly Statement[]): StatementResult[] {
    database.exec('BEGIN IMMEDIATE')
    try {
      const results = statements.map(run)
      database.exec('COMMIT')
      return results
    } catch (error) {
      // After some errors, e.g. a full disk, SQLite has already rolled back.
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }

  return { run, batch }
}
