/** Client for InfluxDB 1.8, 2 and 3 with their common interface: `/api/v2/write` and InfluxQL `/query`. */
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { HttpError, InfluxDB } from '@influxdata/influxdb-client'
import { LinliError } from '../../../model/errors.ts'
import { HistoryUnavailable, messageOf } from '../retry.ts'

export interface ConnectionOptions {
  readonly url: string
  /** Ignored by InfluxDB 1.8. */
  readonly org: string
  /** InfluxDB 1.8: `database/retention-policy`. */
  readonly bucket: string
  /** InfluxDB 1.8: `user:password`. */
  readonly token: string
  /** Timeout of a request, ms. */
  readonly timeoutMs: number
  /** Compress bodies: less network, more CPU on both sides. */
  readonly gzip: boolean
}

/** One series of an answer: its tags and rows, columns in the order of the query after `time` (ms). */
export interface Series {
  readonly tags: Readonly<Record<string, string>>
  readonly rows: readonly (readonly unknown[])[]
}

/** The server refused the content of a request: a retry of the same request is useless. */
export class Refusal extends Error {
  readonly reason: 'content' | 'too-large'
  /** Lines that the server reports as dropped while it stored the others; 0 when it reports none. */
  readonly dropped: number

  constructor(reason: Refusal['reason'], message: string, dropped: number) {
    super(message)
    this.name = 'Refusal'
    this.reason = reason
    this.dropped = dropped
  }
}

export interface InfluxClient {
  /** Resolves when the server has stored the lines. Throws Refusal or HISTORY_UNAVAILABLE. */
  write(lines: readonly string[]): Promise<void>
  /** Results of one InfluxQL statement. Throws HISTORY_UNAVAILABLE. */
  select(statement: string): Promise<Series[]>
  /** A statement that changes something (DELETE). Throws HISTORY_UNAVAILABLE. */
  execute(statement: string): Promise<void>
  close(): void
}

export function createInfluxClient(options: ConnectionOptions): InfluxClient {
  const agent = options.url.startsWith('https:')
    ? new HttpsAgent({ keepAlive: true })
    : new HttpAgent({ keepAlive: true })
  const influx = new InfluxDB({
    url: options.url,
    token: options.token,
    timeout: options.timeoutMs,
    transportOptions: { agent },
  })
  // Nothing is sent before flush(), and nothing is buffered or retried after a failure: the pump retries.
  const writer = influx.getWriteApi(options.org, options.bucket, 'ns', {
    batchSize: 2,
    flushInterval: 0,
    maxRetries: 0,
    maxBufferLines: 0,
    maxBatchBytes: Number.MAX_SAFE_INTEGER,
    gzipThreshold: options.gzip ? 1000 : Number.MAX_SAFE_INTEGER,
    writeFailed: (error) => Promise.reject(error),
  })
  const place = databaseOf(options.bucket)

  async function request(statement: string, method: 'GET' | 'POST'): Promise<Series[]> {
    const parameters = new URLSearchParams({ ...place, epoch: 'ms', q: statement })
    try {
      return seriesOf(await influx.transport.request(`/query?${parameters}`, '', { method }))
    } catch (error) {
      throw error instanceof LinliError ? error : unavailable(error)
    }
  }

  return {
    async write(lines) {
      if (lines.length === 0) return
      // One record with many lines: the client would measure and buffer each record.
      writer.writeRecord(lines.join('\n'))
      await writer.flush().catch((error: unknown) => {
        throw refusal(error) ?? unavailable(error)
      })
    },
    select: (statement) => request(statement, 'GET'),
    async execute(statement) {
      await request(statement, 'POST')
    },
    close() {
      writer.dispose()
      agent.destroy()
    },
  }
}

/** `database/retention-policy` of 1.8, or a bucket of 2, which is also its database name. */
function databaseOf(bucket: string): { db: string; rp?: string } {
  const slash = bucket.indexOf('/')
  return slash < 0 ? { db: bucket } : { db: bucket.slice(0, slash), rp: bucket.slice(slash + 1) }
}

function refusal(error: unknown): Refusal | undefined {
  if (!(error instanceof HttpError)) return undefined
  const { statusCode } = error
  const body = bodyOf(error)
  if (statusCode === 413) return new Refusal('too-large', body, 0)
  if (statusCode !== 400 && statusCode !== 422) return undefined
  return new Refusal('content', body, Number(/dropped=(\d+)/.exec(body)?.[1] ?? 0))
}

function unavailable(error: unknown): HistoryUnavailable {
  if (!(error instanceof HttpError))
    return new HistoryUnavailable(`InfluxDB does not answer: ${messageOf(error)}`, { cause: error })
  const retryAfter = retryAfterOf(error)
  return new HistoryUnavailable(`InfluxDB answers ${error.statusCode}: ${bodyOf(error)}`, {
    cause: error,
    ...(retryAfter > 0 && { retryAfter }),
  })
}

/** ms; 0 when absent. The client parses dates correctly, but mistakes seconds for milliseconds. */
function retryAfterOf(error: HttpError): number {
  const asked = error.headers?.['retry-after']
  return /^\d+$/.test(String(asked)) ? Number(asked) * 1000 : error.retryAfter()
}

function bodyOf(error: HttpError): string {
  return (error.body || error.message).trim().slice(0, 500)
}

function seriesOf(answer: unknown): Series[] {
  const { results } = Object(answer) as { results?: unknown }
  if (results === undefined && answer !== null && typeof answer === 'object' && !Array.isArray(answer))
    return []
  if (!Array.isArray(results)) throw new HistoryUnavailable('InfluxDB answers a query in an unknown format')
  return results.flatMap((result: { error?: unknown; series?: unknown }) => {
    if (result.error !== undefined) throw new HistoryUnavailable(`InfluxDB answers: ${result.error}`)
    const series = Array.isArray(result.series) ? result.series : []
    return series.map((one: { tags?: Record<string, string>; values?: unknown[][] }) => ({
      tags: one.tags ?? {},
      rows: one.values ?? [],
    }))
  })
}
