/** Buffers rows and appends them in chunks of 2,048, which cost a fraction of single rows. */
import { type DuckDBConnection, DuckDBDataChunk, type DuckDBType } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { DeviceType } from '../../../model/device-type.ts'
import { type DeviceRow, wordAndDetails } from '../batch.ts'
import { CHUNK_ROWS, type ColumnBuffer, createColumn } from './columns.ts'
import { type Column, messageKinds } from './schema.ts'

export interface Tables {
  /** Buffers a reading; false when its type has no table or a value did not fit its column (that value is left out). */
  reading(entry: DeviceRow): boolean
  /** Buffers an event, status change or meta message. */
  message(entry: DeviceRow): void
  /** Appends the buffered rows, in the caller's transaction. */
  append(): Promise<void>
  /** Discards the buffered rows. */
  clear(): void
}

/** Reads the layout of the tables from the file; needed again after each opening. */
export async function createTables(
  connection: DuckDBConnection,
  types: ReadonlyMap<string, DeviceType>,
): Promise<Tables> {
  const readings = new Map<string, Table>()
  const messages = new Map<string, Table>()
  for (const type of types.values()) {
    const isList = (name: string): boolean => type.telemetry[name]?.kind === 'list'
    readings.set(type.type, createTable(await layoutOf(connection, type.type), readingSetter(type), isList))
  }
  for (const kind of messageKinds)
    messages.set(
      kind,
      createTable(await layoutOf(connection, kind), messageSetter, () => false),
    )
  const all = [...readings.values(), ...messages.values()]
  return {
    reading: (entry) => readings.get(entry.type)?.add(entry) ?? false,
    message: (entry) => void messages.get(entry.kind)?.add(entry),
    async append() {
      for (const table of all) await table.append(connection)
    },
    clear() {
      for (const table of all) table.clear()
    },
  }
}

/** Columns in the order of the file, which may contain some of removed fields. */
interface Layout {
  readonly table: string
  readonly names: readonly string[]
  readonly types: readonly DuckDBType[]
}

async function layoutOf(connection: DuckDBConnection, table: string): Promise<Layout> {
  const empty = await connection.runAndReadAll(`SELECT * FROM "${table}" LIMIT 0`)
  return { table, names: empty.columnNames(), types: empty.columnTypes() }
}

type Columns = ReadonlyMap<string, ColumnBuffer>

/** Writes an entry into its row; false when a value did not fit its column. */
type SetRow = (row: number, entry: DeviceRow) => boolean

function readingSetter(type: DeviceType): (columns: Columns) => SetRow {
  return (columns) => {
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
}

function messageSetter(columns: Columns): SetRow {
  const setBase = baseSetter(columns)
  return (row, entry) => {
    setBase(row, entry)
    const { word, details } = wordAndDetails(entry)
    columns.get('type')?.set(row, entry.type)
    columns.get('word')?.set(row, word)
    columns.get('details')?.set(row, details)
    return true
  }
}

/** Sets the columns that every table has. */
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

interface Table {
  add(entry: DeviceRow): boolean
  append(connection: DuckDBConnection): Promise<void>
  clear(): void
}

function createTable(
  { table, names, types }: Layout,
  setter: (columns: Columns) => SetRow,
  isList: (column: string) => boolean,
): Table {
  /** Created with the first row: a community seldom has devices of every type. */
  let columns: Columns | undefined
  let setRow: SetRow | undefined
  let rows = 0
  let full: DuckDBDataChunk[] = []

  function prepare(): SetRow {
    columns = new Map(
      names.map((name, n) => [name, createColumn(String(types[n]) as Column['sql'], isList(name))]),
    )
    return setter(columns)
  }
  function closeChunk(): void {
    const chunk = DuckDBDataChunk.create(types, rows)
    let at = 0
    for (const column of columns?.values() ?? [])
      column.flush(duckdb.data_chunk_get_vector(chunk.chunk, at++), rows)
    full.push(chunk)
    rows = 0
  }

  return {
    add(entry) {
      setRow ??= prepare()
      const fits = setRow(rows++, entry)
      if (rows === CHUNK_ROWS) closeChunk()
      return fits
    },
    async append(connection) {
      if (rows > 0) closeChunk()
      if (full.length === 0) return
      const appender = await connection.createAppender(table)
      try {
        for (const chunk of full) appender.appendDataChunk(chunk)
        appender.flushSync()
      } finally {
        full = []
        appender.closeSync()
      }
    },
    clear() {
      rows = 0
      full = []
      for (const column of columns?.values() ?? []) column.clear()
    },
  }
}
