/** Reads of the InfluxDB history, for the common reader. */
import type { HistoryPoint } from '../../../model/ports/history.ts'
import type { NumberBucket, WordBucket } from '../buckets.ts'
import type { HistorySource, Span } from '../reader.ts'
import type { InfluxClient, Series } from './client.ts'
import { type Names, quoteName, quoteText, timeWithin } from './influxql.ts'

/** All reads except `rawFrom`, which comes from the state. */
export function createInfluxSource(client: InfluxClient, names: Names): Omit<HistorySource, 'rawFrom'> {
  const rawPlace = (span: Span): string =>
    `FROM ${quoteName(names.of(span.type))} WHERE "device" = ${quoteText(span.device)} AND ${timeWithin(span.from, span.to)}`
  const hourlyPlace = (span: Span): string =>
    `FROM ${quoteName(names.hourly)} WHERE "type" = ${quoteText(span.type)} AND "field" = ${quoteText(span.name)}
      AND "device" = ${quoteText(span.device)} AND ${timeWithin(span.from, span.to)}`
  const rows = async (statement: string) => rowsOf(await client.select(statement))

  async function withRises(span: Span, width: number, buckets: readonly NumberBucket[]) {
    const steps = await rows(
      `SELECT sum("step") FROM (SELECT non_negative_difference(${quoteName(span.name)}) AS "step" ${rawPlace(span)})
        WHERE ${timeWithin(span.from, span.to)} GROUP BY time(${width}ms) fill(none)`,
    )
    const rises = new Map(steps.map(([at, rise]) => [Number(at), Number(rise)]))
    return risesWithin(buckets, rises)
  }

  return {
    async raw(span, limit) {
      const name = quoteName(span.name)
      const found = await rows(`SELECT ${name} ${rawPlace(span)} ORDER BY time DESC LIMIT ${limit}`)
      return found.map(([at, value]) => ({ at: Number(at), value: value as HistoryPoint['value'] })).reverse()
    },
    async numbers(span, width) {
      const found = await rows(
        `SELECT ${summary(span.name)} ${rawPlace(span)} GROUP BY time(${width}ms) fill(none)`,
      )
      const buckets = found.map(numberBucket)
      const counter = span.field.kind === 'number' && span.field.counter
      return counter ? withRises(span, width, buckets) : buckets
    },
    async words(span, width) {
      const found = await rows(
        `SELECT last(${quoteName(span.name)}) ${rawPlace(span)} GROUP BY time(${width}ms) fill(none)`,
      )
      return found.map(wordBucket)
    },
    hourlyNumbers: async (span) =>
      (await rows(`SELECT "count", "sum", "min", "max", "first", "last", "rise" ${hourlyPlace(span)}`)).map(
        numberBucket,
      ),
    async hourlyWords(span) {
      const found = (await rows(`SELECT "word" ${hourlyPlace(span)}`)).map(wordBucket)
      return span.field.kind === 'boolean' ? found.map(asBoolean) : found
    },
  }
}

/** The columns of a NumberBucket except its rise. */
export function summary(field: string): string {
  const name = quoteName(field)
  return `count(${name}), sum(${name}), min(${name}), max(${name}), first(${name}), last(${name})`
}

/** From a row of `time` and the columns of `summary`. */
export function numberBucket(row: readonly unknown[]): NumberBucket {
  const [at = 0, count = 0, sum = 0, min = 0, max = 0, first = 0, last = 0, rise = 0] = row.map(Number)
  return { at, count, sum, min, max, first, last, rise }
}

/** InfluxDB includes the step from the bucket before; a rise counts only steps inside the bucket. */
function risesWithin(buckets: readonly NumberBucket[], rises: ReadonlyMap<number, number>): NumberBucket[] {
  return buckets.map((bucket, index) => {
    const before = buckets[index - 1]
    const step = before ? Math.max(0, bucket.first - before.last) : 0
    return { ...bucket, rise: Math.max(0, (rises.get(bucket.at) ?? 0) - step) }
  })
}

function wordBucket([at, last]: readonly unknown[]): WordBucket {
  return { at: Number(at), last: last as string | boolean }
}

function asBoolean(bucket: WordBucket): WordBucket {
  return { at: bucket.at, last: bucket.last === 'true' }
}

function rowsOf(series: readonly Series[]): (readonly unknown[])[] {
  return series.flatMap((one) => one.rows)
}
