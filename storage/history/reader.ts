/** Answers chart queries for every engine: raw readings, buckets, and roll-ups where raw readings are pruned. */
import type { DeviceType, Field } from '../../model/device-type.ts'
import { LinliError } from '../../model/errors.ts'
import type { HistoryPoint, HistoryQuery } from '../../model/ports/history.ts'
import { HOUR_MS } from '../../model/time.ts'
import {
  hourOf,
  joinNumbers,
  type NumberBucket,
  numberPoints,
  regroup,
  type WordBucket,
  wordPoints,
} from './buckets.ts'

/** A field of a device in [from, to), known to exist in its type. */
export interface Span {
  readonly device: string
  readonly type: string
  readonly name: string
  readonly field: Field
  readonly from: number
  readonly to: number
}

/** Reads of an engine; all results in time order. */
export interface HistorySource {
  /** The newest `limit` readings of the span. */
  raw(span: Span, limit: number): Promise<HistoryPoint[]>
  /** Raw readings in buckets of `width` ms. */
  numbers(span: Span, width: number): Promise<NumberBucket[]>
  words(span: Span, width: number): Promise<WordBucket[]>
  /** Hourly roll-ups. */
  hourlyNumbers(span: Span): Promise<NumberBucket[]>
  hourlyWords(span: Span): Promise<WordBucket[]>
  /** Raw readings before this time (ms, a whole hour) are pruned; -Infinity when none are. */
  rawFrom(): Promise<number>
}

const DEFAULT_LIMIT = 10_000

/** Throws INVALID_INPUT for a bucket that is not a positive integer. */
export function createReader(types: ReadonlyMap<string, DeviceType>, source: HistorySource) {
  return async function query(request: HistoryQuery): Promise<HistoryPoint[]> {
    const span = resolve(types, request)
    const limit = Math.floor(request.limit ?? DEFAULT_LIMIT)
    if (!span || span.from >= span.to || limit < 1) return []
    const { bucket } = request
    if (bucket === undefined) return source.raw(span, limit)
    if (!Number.isSafeInteger(bucket) || bucket < 1)
      throw new LinliError('INVALID_INPUT', `bucket must be a positive number of milliseconds, not ${bucket}`)
    const points =
      span.field.kind === 'number'
        ? numberPoints(await numbersOf(source, span, bucket), span.field.counter ?? false)
        : wordPoints(await wordsOf(source, span, bucket))
    return points.slice(-limit)
  }
}

function resolve(types: ReadonlyMap<string, DeviceType>, request: HistoryQuery): Span | undefined {
  const fields = types.get(request.type)?.telemetry
  const field = fields && Object.hasOwn(fields, request.field) ? fields[request.field] : undefined
  if (!field || !Number.isFinite(request.from) || !Number.isFinite(request.to)) return undefined
  const { device, type } = request
  return {
    device,
    type,
    name: request.field,
    field,
    from: Math.ceil(request.from),
    to: Math.ceil(request.to),
  }
}

/** Splits a span into its pruned hours and the rest, which has raw readings. */
async function split(source: HistorySource, span: Span, width: number): Promise<{ old?: Span; raw: Span }> {
  const rawFrom = await source.rawFrom()
  if (width % HOUR_MS !== 0 || span.from >= rawFrom) return { raw: span }
  // Hours partly outside the span are left out: their roll-ups contain readings from outside.
  const old = { ...span, from: hourOf(span.from + HOUR_MS - 1), to: Math.min(hourOf(span.to), rawFrom) }
  return { old, raw: { ...span, from: Math.max(span.from, rawFrom) } }
}

async function numbersOf(source: HistorySource, span: Span, width: number): Promise<NumberBucket[]> {
  const { old, raw } = await split(source, span, width)
  const hours = old ? await source.hourlyNumbers(old) : []
  const recent = raw.from < raw.to ? await source.numbers(raw, width) : []
  return hours.length > 0 ? regroup([...hours, ...recent], width, joinNumbers) : recent
}

async function wordsOf(source: HistorySource, span: Span, width: number): Promise<WordBucket[]> {
  const { old, raw } = await split(source, span, width)
  const hours = old ? await source.hourlyWords(old) : []
  const recent = raw.from < raw.to ? await source.words(raw, width) : []
  return regroup([...hours, ...recent], width, (_, later) => later)
}
