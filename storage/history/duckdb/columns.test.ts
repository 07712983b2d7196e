import { DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CHUNK_ROWS, createColumn } from './columns.ts'

const sqlTypes = ['DOUBLE', 'BIGINT', 'BOOLEAN', 'VARCHAR'] as const

/** Any value that fits a column of each type, null among them. */
const valuesOf = {
  DOUBLE: fc.double({ noNaN: true, noDefaultInfinity: true }),
  BIGINT: fc.maxSafeInteger(),
  BOOLEAN: fc.boolean(),
  // Either side of the twelve bytes that DuckDB keeps in place, in bytes and in characters.
  VARCHAR: fc.oneof(fc.string({ maxLength: 14 }), fc.string({ unit: 'binary', maxLength: 14 }), fc.string()),
}

const row = fc.tuple(...sqlTypes.map((sql) => fc.option<unknown>(valuesOf[sql])))

/** Several chunks one after the other out of the same buffers. */
const chunks = fc.array(fc.array(row, { minLength: 1, maxLength: 90 }), { minLength: 1, maxLength: 4 })

async function tableOf(values: readonly (readonly (readonly unknown[])[])[]): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await connection.run(`CREATE TABLE t (${sqlTypes.map((sql, n) => `c${n} ${sql}`).join(', ')})`)
    const types = (await connection.runAndReadAll('SELECT * FROM t')).columnTypes()
    const columns = sqlTypes.map((sql) => createColumn(sql))
    const appender = await connection.createAppender('t')
    for (const part of values) {
      part.forEach((cells, at) => {
        for (const [n, cell] of cells.entries()) expect(columns[n]?.set(at, cell)).toBe(cell !== null)
      })
      const chunk = DuckDBDataChunk.create(types, part.length)
      for (const [n, column] of columns.entries())
        column.flush(duckdb.data_chunk_get_vector(chunk.chunk, n), part.length)
      appender.appendDataChunk(chunk)
    }
    appender.closeSync()
    const stored = await connection.runAndReadAll('SELECT * FROM t')
    return stored
      .getRows()
      .map((cells) => cells.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

test('values that fit are read back unchanged, over several chunks', async () => {
  await fc.assert(
    fc.asyncProperty(chunks, async (values) => {
      expect(await tableOf(values)).toEqual(values.flat())
    }),
    { numRuns: 40 },
  )
})

test('a full chunk, and a column of which only the last row has a value', async () => {
  const full = Array.from({ length: CHUNK_ROWS }, (_, n) => [
    n / 3,
    1 - n,
    n % 2 === 0,
    n === CHUNK_ROWS - 1 ? 'last' : null,
  ])
  expect(await tableOf([full, full.slice(0, 3)])).toEqual([...full, ...full.slice(0, 3)])
})

test.each([
  ['DOUBLE', ['1', true, Number.NaN, Number.POSITIVE_INFINITY, null, undefined, ['a']]],
  ['BIGINT', ['1', 1.5, 2 ** 53, Number.NaN, null, undefined]],
  ['BOOLEAN', ['true', 1, null, undefined]],
  ['VARCHAR', [1, true, null, undefined, ['a']]],
] as const)('values that are no %s are refused', (sql, values) => {
  const column = createColumn(sql)
  for (const value of values) expect(column.set(0, value), String(value)).toBe(false)
})

test('a list is stored as its words; a text is refused', () => {
  const column = createColumn('VARCHAR', true)
  expect(column.set(0, ['a', 'b'])).toBe(true)
  expect(column.set(1, 'a')).toBe(false)
})
