/** Appends readings in chunks of 2,048 rows: DuckDB takes them at a small part of the cost of single rows. */
import { type DuckDBConnection, DuckDBDataChunk, type DuckDBType } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { DeviceType } from '../../../model/device-type.ts'
import { type DeviceRow, messageParts } from '../batch.ts'
import { CHUNK_ROWS, type ColumnBuffer, createColumn } from './columns.ts'
import type { Column } from './schema.ts'

/** Columns of one table in their order in the file: it may still have some of fields that left the model. */
type Columns = ReadonlyMap<string, ColumnBuffer>

/** Sets what an entry has in its row; false when a value did not fit its column. */
type SetRow = (row: number, entry: DeviceRow) => boolean

/** Appends the readings of one type; returns in how many a value did not fit its column (it is left out). */
export async function appendReadings(
  connection: DuckDBConnection,
  type: DeviceType,
  entries: readonly DeviceRow[],
): Promise<{ refused: number }> {
  const setRow = (columns: Columns): SetRow => {
    const setBase = baseSetter(columns)
    const fields = new Map(Object.keys(type.telemetry).map((name) => [name, columns.get(name)]))
    return (row, entry) => {
      setBase(row, entry)
      const { values } = entry
      let fits = true
      for (const name in values) if (fields.get(name)?.set(row, values[name]) === false) fits = false
      return fits
    }
  }
  const isList = (name: string): boolean => type.telemetry[name]?.kind === 'list'
  return { refused: await append(connection, type.type, { entries, isList, setRow }) }
}

/** Appends events, status changes or meta messages, all of one kind. */
export async function appendMessages(
  connection: DuckDBConnection,
  kind: string,
  entries: readonly DeviceRow[],
): Promise<void> {
  const setRow = (columns: Columns): SetRow => {
    const setBase = baseSetter(columns)
    return (row, entry) => {
      setBase(row, entry)
      const { word, details } = messageParts(entry)
      columns.get('type')?.set(row, entry.type)
      columns.get('word')?.set(row, word)
      columns.get('details')?.set(row, details)
      return true
    }
  }
  await append(connection, kind, { entries, isList: () => false, setRow })
}

/** Sets the columns that every table begins with. */
function baseSetter(columns: Columns): (row: number, entry: DeviceRow) => void {
  const of = (name: string): ColumnBuffer => {
    const column = columns.get(name)
    if (!column) throw new Error(`the table has no column ${name}`)
    return column
  }
  const [device, site, quality] = [of('device'), of('site'), of('quality')]
  const [ts, receivedAt, seq, messageSeq] = [of('ts'), of('received_at'), of('seq'), of('message_seq')]
  return (row, entry) => {
    device.set(row, entry.device)
    site.set(row, entry.site)
    ts.set(row, entry.ts)
    receivedAt.set(row, entry.receivedAt)
    seq.set(row, entry.seq)
    messageSeq.set(row, entry.messageSeq)
    quality.set(row, entry.quality)
  }
}

interface Rows {
  readonly entries: readonly DeviceRow[]
  readonly isList: (column: string) => boolean
  readonly setRow: (columns: Columns) => SetRow
}

/** Returns in how many entries a value did not fit. */
async function append(connection: DuckDBConnection, table: string, rows: Rows): Promise<number> {
  const { entries, isList } = rows
  const { names, types } = await tableColumns(connection, table)
  const columns = new Map(
    names.map((name, n) => [name, createColumn(String(types[n]) as Column['sql'], isList(name))]),
  )
  const setRow = rows.setRow(columns)
  const appender = await connection.createAppender(table)
  let unfit = 0
  try {
    for (let start = 0; start < entries.length; start += CHUNK_ROWS) {
      const count = Math.min(CHUNK_ROWS, entries.length - start)
      for (let row = 0; row < count; row++) if (!setRow(row, entries[start + row] as DeviceRow)) unfit++
      appender.appendDataChunk(chunkOf(types, columns, count))
    }
    appender.flushSync()
  } finally {
    appender.closeSync()
  }
  return unfit
}

/** Takes the first `count` rows out of the columns. */
function chunkOf(types: readonly DuckDBType[], columns: Columns, count: number): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(types, count)
  let at = 0
  for (const column of columns.values()) column.flush(duckdb.data_chunk_get_vector(chunk.chunk, at++), count)
  return chunk
}

async function tableColumns(
  connection: DuckDBConnection,
  table: string,
): Promise<{ names: string[]; types: DuckDBType[] }> {
  const empty = await connection.runAndReadAll(`SELECT * FROM "${table}" LIMIT 0`)
  return { names: empty.columnNames(), types: empty.columnTypes() }
}
