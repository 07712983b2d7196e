/** Hourly roll-ups in DuckDB: dirty hours are recomputed from raw readings, one transaction for each hour and type. */
import type { DuckDBConnection } from '@duckdb/node-api'
import type { DeviceType, Field } from '../../../model/device-type.ts'
import { HOUR_MS } from '../../../model/time.ts'
import type { DirtyHour } from '../batch.ts'
import { quoteName, sortKey } from './schema.ts'
import { transaction } from './state.ts'

/** Hours that have ended at `now` and whose roll-up is out of date, oldest first. */
export async function dirtyHours(connection: DuckDBConnection, now: number): Promise<DirtyHour[]> {
  const found = await connection.runAndReadAll(
    'SELECT DISTINCT type, hour::DOUBLE AS start FROM linli_dirty WHERE hour <= $1 ORDER BY start, type',
    [BigInt(now - HOUR_MS)],
  )
  return found.getRows().map(([type, hour]) => ({ type: String(type), hour: Number(hour) }))
}

/** Marks hours as dirty, in the caller's transaction. */
export async function markDirty(connection: DuckDBConnection, hours: readonly DirtyHour[]): Promise<void> {
  for (const { type, hour } of hours)
    await connection.run('INSERT INTO linli_dirty VALUES ($1, $2)', [type, BigInt(hour)])
}

/**
 * Computes one hour of one type. `keepOld`: raw readings of the hour were pruned and only later arrivals exist, so existing
 * roll-ups stay and only devices without one get theirs.
 */
export async function rollUpHour(
  connection: DuckDBConnection,
  job: { readonly type: DeviceType; readonly hour: number; readonly keepOld: boolean },
): Promise<void> {
  const hour = BigInt(job.hour)
  const { type } = job.type
  await transaction(connection, async () => {
    if (!job.keepOld)
      await connection.run('DELETE FROM linli_hourly WHERE type = $1 AND hour = $2', [type, hour])
    for (const [name, field] of Object.entries(job.type.telemetry)) {
      const rows =
        field.kind === 'number' ? numberRows(type, name, field.counter) : wordRows(type, name, field)
      const fresh = job.keepOld ? `${rows} ${withoutOld}` : rows
      await connection.run(`INSERT INTO linli_hourly ${fresh}`, {
        type,
        field: name,
        hour,
        end: hour + BigInt(HOUR_MS),
      })
    }
    await connection.run('DELETE FROM linli_dirty WHERE type = $1 AND hour = $2', [type, hour])
  })
}

/** For hours of a type that is no longer in the model: there is nothing to compute. */
export async function unmarkDirty(connection: DuckDBConnection, { type, hour }: DirtyHour): Promise<void> {
  await connection.run('DELETE FROM linli_dirty WHERE type = $1 AND hour = $2', [type, BigInt(hour)])
}

const withoutOld = `HAVING device NOT IN
  (SELECT device FROM linli_hourly WHERE type = $type AND field = $field AND hour = $hour)`

function numberRows(table: string, name: string, counter: boolean | undefined): string {
  const value = quoteName(name)
  const before = counter ? `lag(${value}) OVER (PARTITION BY device ORDER BY ts, seq)` : 'NULL::DOUBLE'
  return `SELECT $type, $field, device, any_value(site), $hour, count(*), sum(v), min(v), max(v),
      arg_min(v, ${sortKey}), arg_max(v, ${sortKey}), coalesce(sum(greatest(v - before, 0)), 0), NULL
    FROM (SELECT device, site, ts, seq, ${value} AS v, ${before} AS before FROM ${quoteName(table)}
      WHERE ts >= $hour AND ts < $end AND ${value} IS NOT NULL)
    GROUP BY device`
}

function wordRows(table: string, name: string, field: Field): string {
  const value = field.kind === 'boolean' ? `${quoteName(name)}::VARCHAR` : quoteName(name)
  return `SELECT $type, $field, device, any_value(site), $hour, count(*), NULL, NULL, NULL, NULL, NULL, NULL,
      arg_max(${value}, ${sortKey})
    FROM ${quoteName(table)} WHERE ts >= $hour AND ts < $end AND ${quoteName(name)} IS NOT NULL
    GROUP BY device`
}
