/** Reads of the DuckDB history, for the common reader. */
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import type { HistoryPoint } from '../../../model/ports/history.ts'
import type { NumberBucket, WordBucket } from '../buckets.ts'
import type { HistorySource, Span } from '../reader.ts'
import { quoteName, sortKey } from './schema.ts'

type Values = Record<string, DuckDBValue>

/** All reads except `rawFrom`, which comes from the state. */
export function createDuckDbSource(connection: DuckDBConnection): Omit<HistorySource, 'rawFrom'> {
  const rows = async (sql: string, values: Values) => (await connection.runAndReadAll(sql, values)).getRows()
  return {
    raw: async (span, limit) => {
      const found = await rows(rawSql(span), { ...placeOf(span), limit: BigInt(limit) })
      return found.map(([at, value]) => ({ at: Number(at), value: value as HistoryPoint['value'] })).reverse()
    },
    numbers: async (span, width) =>
      (await rows(numbersSql(span), { ...placeOf(span), width: BigInt(width) })).map(numberBucket),
    words: async (span, width) =>
      (await rows(wordsSql(span), { ...placeOf(span), width: BigInt(width) })).map(wordBucket),
    hourlyNumbers: async (span) => (await rows(hourlyNumbersSql, hourlyOf(span))).map(numberBucket),
    hourlyWords: async (span) => {
      const found = (await rows(hourlyWordsSql, hourlyOf(span))).map(wordBucket)
      return span.field.kind === 'boolean' ? found.map(asBoolean) : found
    },
  }
}

function placeOf(span: Span): Values {
  return { device: span.device, from: BigInt(span.from), to: BigInt(span.to) }
}

function hourlyOf(span: Span): Values {
  return { ...placeOf(span), type: span.type, field: span.name }
}

function rowsOf(span: Span): string {
  const value = quoteName(span.name)
  return `FROM ${quoteName(span.type)} WHERE device = $device AND ts >= $from AND ts < $to AND ${value} IS NOT NULL`
}

/** Start of the bucket of a row; in SQL the remainder of a negative number is negative. */
const bucketStart = 'ts - ((ts % $width) + $width) % $width'

function rawSql(span: Span): string {
  return `SELECT ts::DOUBLE, ${quoteName(span.name)} ${rowsOf(span)} ORDER BY ts DESC, seq DESC LIMIT $limit`
}

function numbersSql(span: Span): string {
  const value = quoteName(span.name)
  return `SELECT start::DOUBLE, count(*)::DOUBLE, sum(v), min(v), max(v), arg_min(v, ${sortKey}), arg_max(v, ${sortKey}),
      coalesce(sum(greatest(v - before, 0)), 0)
    FROM (SELECT ${bucketStart} AS start, ts, seq, ${value} AS v,
        lag(${value}) OVER (PARTITION BY ${bucketStart} ORDER BY ts, seq) AS before ${rowsOf(span)})
    GROUP BY start ORDER BY start`
}

function wordsSql(span: Span): string {
  return `SELECT (${bucketStart})::DOUBLE AS start, arg_max(${quoteName(span.name)}, ${sortKey}) ${rowsOf(span)}
    GROUP BY start ORDER BY start`
}

const hourlyRows = `FROM linli_hourly
  WHERE type = $type AND field = $field AND device = $device AND hour >= $from AND hour < $to ORDER BY hour`
const hourlyNumbersSql = `SELECT hour::DOUBLE, count::DOUBLE, sum, min, max, first, last, rise ${hourlyRows}`
const hourlyWordsSql = `SELECT hour::DOUBLE, word ${hourlyRows}`

function numberBucket(row: readonly DuckDBValue[]): NumberBucket {
  const [at = 0, count = 0, sum = 0, min = 0, max = 0, first = 0, last = 0, rise = 0] = row.map(Number)
  return { at, count, sum, min, max, first, last, rise }
}

function wordBucket([at, last]: readonly DuckDBValue[]): WordBucket {
  return { at: Number(at), last: last as string | boolean }
}

function asBoolean(bucket: WordBucket): WordBucket {
  return { at: bucket.at, last: bucket.last === 'true' }
}
