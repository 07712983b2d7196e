/** Tables with a header line (CSV and similar). One record is one line, so a broken quote affects no other row. */
import { basename } from 'node:path'
import { parse } from 'csv-parse/sync'
import { LinliError } from '../../model/errors.ts'
import { readLines } from './files.ts'
import type { ProblemLog } from './problem-log.ts'

export type Row<C extends string> = { readonly [K in C]: string } & { readonly place: string }

export interface TableOptions<C extends string> {
  /** Required columns, in any order; others are ignored. */
  readonly columns: readonly C[]
  readonly separator?: string
  readonly problems: ProblemLog
  /** Called once per row, broken ones included. */
  readonly onRow?: () => void
}

/**
 * Rows of a table. A row with another number of cells than the header is reported as `broken-row`.
 * @throws LinliError INVALID_INPUT for an empty file or a missing column
 */
export async function* readTable<C extends string>(
  file: string,
  options: TableOptions<C>,
): AsyncGenerator<Row<C>> {
  const { columns, problems, separator = ',' } = options
  let header: { readonly width: number; readonly places: readonly number[] } | undefined
  for await (const { place, text } of readLines(file)) {
    const cells = splitCells(text, separator)
    if (!header) {
      header = readHeader(file, columns, cells ?? [])
      continue
    }
    options.onRow?.()
    if (cells?.length !== header.width) {
      problems.add('broken-row', place, text)
      continue
    }
    yield toRow(columns, header.places, cells, place)
  }
  if (!header) throw new LinliError('INVALID_INPUT', `${file} is empty`)
}

function readHeader(file: string, columns: readonly string[], cells: readonly string[]) {
  const names = cells.map((cell) => cell.trim())
  const missing = columns.filter((column) => !names.includes(column))
  if (missing.length > 0)
    throw new LinliError('INVALID_INPUT', `${basename(file)} has no column ${missing.join(', ')}`)
  return { width: names.length, places: columns.map((column) => names.indexOf(column)) }
}

function toRow<C extends string>(
  columns: readonly C[],
  places: readonly number[],
  cells: readonly string[],
  place: string,
): Row<C> {
  const row: Record<string, string> = { place }
  columns.forEach((column, index) => {
    row[column] = cells[places[index] ?? -1]?.trim() ?? ''
  })
  return row as Row<C>
}

/** Undefined when the quotes do not match. Most lines have no quotes and need no parser. */
function splitCells(text: string, separator: string): string[] | undefined {
  if (!text.includes('"')) return text.split(separator)
  try {
    return parse(text, { delimiter: separator, relax_column_count: true })[0]
  } catch {
    return undefined
  }
}
