/** The stored state of the DuckDB history: its cursor, and the start of its raw readings. */
import type { DuckDBConnection } from '@duckdb/node-api'

export interface State {
  /** Newest journal seq stored. */
  readonly cursor: number
  /** Raw readings before this time (ms) are pruned; -Infinity when none are. */
  readonly rawFrom: number
}

/** The state of the file. */
export async function readState(connection: DuckDBConnection): Promise<State> {
  const found = await connection.runAndReadAll('SELECT key, value::DOUBLE FROM linli_state')
  const values = new Map(found.getRows().map(([key, value]) => [key, Number(value)]))
  return {
    cursor: values.get('cursor') ?? 0,
    rawFrom: values.get('rawFrom') ?? Number.NEGATIVE_INFINITY,
  }
}

/** In the caller's transaction. */
export async function writeState(
  connection: DuckDBConnection,
  key: keyof State,
  value: number,
): Promise<void> {
  const changed = await connection.run('UPDATE linli_state SET value = $2 WHERE key = $1', [
    key,
    BigInt(value),
  ])
  if (changed.rowsChanged === 0)
    await connection.run('INSERT INTO linli_state VALUES ($1, $2)', [key, BigInt(value)])
}

/** Rolls back and rethrows when `work` throws, also when the rollback fails. */
export async function transaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN')
  try {
    const result = await work()
    await connection.run('COMMIT')
    return result
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => {})
    throw error
  }
}
