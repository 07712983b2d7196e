/** Tables of the DuckDB history: one wide table for each device type, and tables for messages, state and roll-ups. */
import type { DuckDBConnection } from '@duckdb/node-api'
import type { DeviceType, Field } from '../../../model/device-type.ts'
import { LinliError } from '../../../model/errors.ts'

export interface Column {
  readonly name: string
  readonly sql: 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'VARCHAR'
}

/** First columns of every table of readings; times in ms since 1970, `seq` of the journal. */
export const baseColumns: readonly Column[] = [
  { name: 'device', sql: 'VARCHAR' },
  { name: 'site', sql: 'VARCHAR' },
  { name: 'ts', sql: 'BIGINT' },
  { name: 'received_at', sql: 'BIGINT' },
  { name: 'seq', sql: 'BIGINT' },
  { name: 'message_seq', sql: 'BIGINT' },
  { name: 'quality', sql: 'VARCHAR' },
]

/** Events, status changes and meta messages, one table each: the word, and the other values as JSON. */
export const messageKinds = ['event', 'status', 'meta'] as const
export const messageColumns: readonly Column[] = [
  ...baseColumns,
  { name: 'type', sql: 'VARCHAR' },
  { name: 'word', sql: 'VARCHAR' },
  { name: 'details', sql: 'VARCHAR' },
]

const fixedTables: Readonly<Record<string, readonly Column[]>> = {
  linli_state: [
    { name: 'key', sql: 'VARCHAR' },
    { name: 'value', sql: 'BIGINT' },
  ],
  /** Hours whose roll-up is out of date; an hour may occur more than once. */
  linli_dirty: [
    { name: 'type', sql: 'VARCHAR' },
    { name: 'hour', sql: 'BIGINT' },
  ],
  linli_hourly: [
    { name: 'type', sql: 'VARCHAR' },
    { name: 'field', sql: 'VARCHAR' },
    { name: 'device', sql: 'VARCHAR' },
    { name: 'site', sql: 'VARCHAR' },
    { name: 'hour', sql: 'BIGINT' },
    { name: 'count', sql: 'BIGINT' },
    { name: 'sum', sql: 'DOUBLE' },
    { name: 'min', sql: 'DOUBLE' },
    { name: 'max', sql: 'DOUBLE' },
    { name: 'first', sql: 'DOUBLE' },
    { name: 'last', sql: 'DOUBLE' },
    { name: 'rise', sql: 'DOUBLE' },
    { name: 'word', sql: 'VARCHAR' },
  ],
}

/** Enum words and lists are text, so that a new word in `model/devices` needs no schema change. */
const sqlOfField: Readonly<Record<Field['kind'], Column['sql']>> = {
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  enum: 'VARCHAR',
  list: 'VARCHAR',
}

/** Columns of a device type's table. */
export function columnsOf(type: DeviceType): Column[] {
  const fields = Object.entries(type.telemetry).map(([name, field]) => ({
    name,
    sql: sqlOfField[field.kind],
  }))
  return [...baseColumns, ...fields]
}

/** One number that orders readings by event time, then by seq; cheaper to compare than the pair. */
export const sortKey = 'ts::HUGEINT * 1099511627776 + seq'

/** An identifier for SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Creates missing tables and columns of new fields. Columns no longer in the model stay. Throws STORAGE_CORRUPT. */
export async function prepareTables(
  connection: DuckDBConnection,
  types: ReadonlyMap<string, DeviceType>,
): Promise<void> {
  for (const [name, columns] of Object.entries(fixedTables)) await prepareTable(connection, name, columns)
  for (const kind of messageKinds) await prepareTable(connection, kind, messageColumns)
  for (const type of types.values()) await prepareTable(connection, type.type, columnsOf(type))
}

async function prepareTable(
  connection: DuckDBConnection,
  table: string,
  columns: readonly Column[],
): Promise<void> {
  refuseDuplicateNames(table, columns)
  const define = (column: Column): string => `${quoteName(column.name)} ${column.sql}`
  await connection.run(`CREATE TABLE IF NOT EXISTS ${quoteName(table)} (${columns.map(define).join(', ')})`)
  const present = await presentColumns(connection, table)
  for (const column of columns) {
    const sql = present.get(column.name)
    if (sql === undefined) {
      await connection.run(`ALTER TABLE ${quoteName(table)} ADD COLUMN ${define(column)}`)
    } else if (sql !== column.sql) {
      throw new LinliError(
        'STORAGE_CORRUPT',
        `history: column ${table}.${column.name} has type ${sql}, but the model needs ${column.sql}; rename the field or convert the column`,
      )
    }
  }
}

async function presentColumns(connection: DuckDBConnection, table: string): Promise<Map<string, string>> {
  const found = await connection.runAndReadAll(
    'SELECT column_name, data_type FROM duckdb_columns() WHERE NOT internal AND table_name = $1',
    [table],
  )
  return new Map(found.getRows().map(([name, sql]) => [String(name), String(sql)]))
}

/** Column names of DuckDB ignore case. */
function refuseDuplicateNames(table: string, columns: readonly Column[]): void {
  const seen = new Set<string>()
  for (const { name } of columns) {
    const key = name.toLowerCase()
    if (seen.has(key))
      throw new LinliError('CONFIG_INVALID', `history: ${table} has two columns named "${name}"`)
    seen.add(key)
  }
}
