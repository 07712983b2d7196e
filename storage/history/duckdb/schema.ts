/** Tables of the DuckDB history, made from the device types: one wide table per type, narrow ones for the rest. */
import type { DuckDBConnection } from '@duckdb/node-api'
import type { DeviceType, Field } from '../../../model/device-type.ts'
import { LinliError } from '../../../model/errors.ts'

export interface Column {
  readonly name: string
  readonly sql: 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'VARCHAR'
}

/** Columns every table of readings begins with; times in ms since 1970, `seq` the place in the journal. */
export const baseColumns: readonly Column[] = [
  { name: 'device', sql: 'VARCHAR' },
  { name: 'site', sql: 'VARCHAR' },
  { name: 'ts', sql: 'BIGINT' },
  { name: 'received_at', sql: 'BIGINT' },
  { name: 'seq', sql: 'BIGINT' },
  { name: 'message_seq', sql: 'BIGINT' },
  { name: 'quality', sql: 'VARCHAR' },
]

/** Events, status changes and meta messages, one table each: the one word of it, and the rest as JSON. */
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
  /** Hours whose roll-up is out of date; an hour may stand here more than once. */
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

/** Enum words and lists are text, so that a new word in `model/devices` needs no change of the table. */
const sqlOfField: Readonly<Record<Field['kind'], Column['sql']>> = {
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  enum: 'VARCHAR',
  list: 'VARCHAR',
}

export function columnsOf(type: DeviceType): Column[] {
  const fields = Object.entries(type.telemetry).map(([name, field]) => ({
    name,
    sql: sqlOfField[field.kind],
  }))
  return [...baseColumns, ...fields]
}

/** One number that orders readings by event time, then by place in the journal; cheaper to compare than the pair. */
export const sortKey = 'ts::HUGEINT * 1099511627776 + seq'

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Makes what is missing: tables, and columns of fields new in the model. Columns no longer in the model stay. */
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
  refuseDoubles(table, columns)
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
        `history: column ${table}.${column.name} holds ${sql}, the model says ${column.sql}; rename the field or convert the column`,
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

/** DuckDB's names ignore case, so two fields must differ in more than that. */
function refuseDoubles(table: string, columns: readonly Column[]): void {
  const seen = new Set<string>()
  for (const { name } of columns) {
    const key = name.toLowerCase()
    if (seen.has(key))
      throw new LinliError('CONFIG_INVALID', `history: ${table} has two columns named "${name}"`)
    seen.add(key)
  }
}
