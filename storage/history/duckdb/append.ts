/** Appends readings column by column: DuckDB takes chunks of 2,048 rows at a small part of the cost of rows. */
import { type DuckDBConnection, DuckDBDataChunk, type DuckDBType, type DuckDBValue } from '@duckdb/node-api'
import type { DeviceType, Field, FieldValue } from '../../../model/device-type.ts'
import { type DeviceRow, isOfKind, listText, messageParts } from '../batch.ts'

/** DuckDB's vector size: the most rows one chunk can hold. */
const CHUNK_ROWS = 2048

/** Reads the value of one column out of an entry. */
type Cell = (entry: DeviceRow) => DuckDBValue

const baseCells: Readonly<Record<string, Cell>> = {
  device: (entry) => entry.device,
  site: (entry) => entry.site,
  ts: (entry) => BigInt(entry.ts),
  received_at: (entry) => BigInt(entry.receivedAt),
  seq: (entry) => BigInt(entry.seq),
  message_seq: (entry) => (Number.isSafeInteger(entry.messageSeq) ? BigInt(entry.messageSeq ?? 0) : null),
  quality: (entry) => entry.quality,
}

/** Appends the readings of one type; returns in how many a value did not fit its column (it is left out). */
export async function appendReadings(
  connection: DuckDBConnection,
  type: DeviceType,
  entries: readonly DeviceRow[],
): Promise<{ refused: number }> {
  const unfit = new Set<number>()
  const cellOf = (column: string): Cell => {
    const field = type.telemetry[column]
    return baseCells[column] ?? (field ? fieldCell(column, field, unfit) : () => null)
  }
  await append(connection, type.type, { entries, cellOf })
  return { refused: unfit.size }
}

/** Appends events, status changes or meta messages, all of one kind. */
export async function appendMessages(
  connection: DuckDBConnection,
  kind: string,
  entries: readonly DeviceRow[],
): Promise<void> {
  const cells: Readonly<Record<string, Cell>> = {
    ...baseCells,
    type: (entry) => entry.type,
    word: (entry) => messageParts(entry).word,
    details: (entry) => messageParts(entry).details,
  }
  await append(connection, kind, { entries, cellOf: (column) => cells[column] ?? (() => null) })
}

function fieldCell(name: string, field: Field, unfit: Set<number>): Cell {
  const { kind } = field
  return (entry) => {
    const value = entry.values[name]
    if (value === undefined) return null
    if (isOfKind(kind, value)) return storedForm(value)
    unfit.add(entry.seq)
    return null
  }
}

function storedForm(value: FieldValue): string | number | boolean {
  return typeof value === 'object' ? listText(value) : value
}

interface Rows {
  readonly entries: readonly DeviceRow[]
  readonly cellOf: (column: string) => Cell
}

async function append(connection: DuckDBConnection, table: string, rows: Rows): Promise<void> {
  const { names, types } = await tableColumns(connection, table)
  const cells = names.map(rows.cellOf)
  const appender = await connection.createAppender(table)
  try {
    for (let start = 0; start < rows.entries.length; start += CHUNK_ROWS) {
      appender.appendDataChunk(fillChunk(types, cells, rows.entries.slice(start, start + CHUNK_ROWS)))
    }
    appender.flushSync()
  } finally {
    appender.closeSync()
  }
}

function fillChunk(
  types: readonly DuckDBType[],
  cells: readonly Cell[],
  entries: readonly DeviceRow[],
): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(types, entries.length)
  cells.forEach((cell, column) => {
    const vector = chunk.getColumnVector(column)
    entries.forEach((entry, row) => {
      vector.setItem(row, cell(entry))
    })
    vector.flush()
  })
  return chunk
}

/** As the table stands in the file: it may still have columns of fields that left the model. */
async function tableColumns(
  connection: DuckDBConnection,
  table: string,
): Promise<{ names: string[]; types: DuckDBType[] }> {
  const empty = await connection.runAndReadAll(`SELECT * FROM "${table}" LIMIT 0`)
  return { names: empty.columnNames(), types: empty.columnTypes() }
}
