/** The few numbers the DuckDB history keeps about itself: its cursor and from when on raw readings are kept. */
import type { DuckDBConnection } from '@duckdb/node-api'

export type StateKey = 'cursor' | 'rawFrom'

export async function readState(connection: DuckDBConnection, key: StateKey): Promise<number | undefined> {
  const found = await connection.runAndReadAll('SELECT value::DOUBLE FROM linli_state WHERE key = $1', [key])
  const value = found.getRows()[0]?.[0]
  return typeof value === 'number' ? value : undefined
}

export async function writeState(connection: DuckDBConnection, key: StateKey, value: number): Promise<void> {
  const changed = await connection.run('UPDATE linli_state SET value = $2 WHERE key = $1', [
    key,
    BigInt(value),
  ])
  if (changed.rowsChanged === 0)
    await connection.run('INSERT INTO linli_state VALUES ($1, $2)', [key, BigInt(value)])
}

/** All or nothing; what went wrong inside is thrown on, also when rolling back fails too. */
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
