/** The history in InfluxDB 1.8, 2 or 3: idempotent lines first, then the cursor, each after the server has stored it. */
import { type Clock, systemClock } from '../../../model/clock.ts'
import type { DeviceType } from '../../../model/device-type.ts'
import { deviceTypes } from '../../../model/devices/table.ts'
import type { History, HistoryPoint, HistoryQuery, Retention } from '../../../model/ports/history.ts'
import { type Logger, silentLogger } from '../../../model/ports/logger.ts'
import { createSerial, type Serial } from '../../../model/serial.ts'
import { DAY_MS } from '../../../model/time.ts'
import { type DeviceRow, type DirtyHour, hoursOf, keyOf, sortBatch } from '../batch.ts'
import { hourOf } from '../buckets.ts'
import { createReader } from '../reader.ts'
import { createInfluxClient, type InfluxClient } from './client.ts'
import { createNames, MAX_TIME_MS, type Names, quoteName, quoteText, time } from './influxql.ts'
import { createLineWriter, type LineWriter } from './line-protocol.ts'
import { rollUpLines } from './roll-up.ts'
import { sendLines } from './send.ts'
import { createInfluxSource } from './source.ts'
import { createInfluxState, type InfluxState } from './state.ts'

export interface InfluxOptions {
  readonly url: string
  /** Ignored by InfluxDB 1.8. */
  readonly org: string
  /** InfluxDB 1.8: `database/retention-policy`. In InfluxDB 2 the bucket must be reachable by InfluxQL under its name. */
  readonly bucket: string
  /** InfluxDB 1.8: `user:password`. */
  readonly token: string
  /** Prefix of every measurement, so that several hubs can share a bucket. */
  readonly prefix?: string
  readonly timeoutMs?: number
  readonly gzip?: boolean
  readonly linesPerRequest?: number
  readonly types?: ReadonlyMap<string, DeviceType>
}

export interface InfluxDeps {
  readonly clock?: Clock
  readonly logger?: Logger
}

const messageKinds = ['event', 'status', 'meta']

/** Connects at the first use, so a hub starts while InfluxDB is away. Every method throws HISTORY_UNAVAILABLE then. */
export function openInfluxHistory(options: InfluxOptions, deps: InfluxDeps = {}): History {
  return new InfluxHistory(options, deps)
}

class InfluxHistory implements History {
  readonly #types: ReadonlyMap<string, DeviceType>
  readonly #linesPerRequest: number
  readonly #logger: Logger
  readonly #names: Names
  readonly #client: InfluxClient
  readonly #state: InfluxState
  readonly #lines: LineWriter
  readonly #serial: Serial = createSerial()
  /** Hours already marked dirty in InfluxDB, so that a mark is written once and not with every batch. */
  readonly #marked: Set<string> = new Set()

  constructor(options: InfluxOptions, deps: InfluxDeps) {
    this.#types = options.types ?? deviceTypes
    this.#linesPerRequest = options.linesPerRequest ?? 5000
    this.#logger = deps.logger ?? silentLogger
    this.#names = createNames(options.prefix ?? '')
    this.#client = createInfluxClient({ timeoutMs: 10_000, gzip: false, ...options })
    const clock = deps.clock ?? systemClock
    this.#state = createInfluxState({ client: this.#client, names: this.#names, clock })
    this.#lines = createLineWriter(this.#types, this.#names.prefix)
  }

  cursor(): Promise<number> {
    return this.#state.cursor()
  }

  write(entries: Iterable<DeviceRow>, upTo: number): Promise<{ refused: number }> {
    return this.#serial(() => this.#store(entries, upTo))
  }

  query(request: HistoryQuery): Promise<HistoryPoint[]> {
    const rawFrom = () => this.#state.rawFrom()
    return createReader(this.#types, { ...createInfluxSource(this.#client, this.#names), rawFrom })(request)
  }

  async count({ type, device }: { type: string; device?: string }): Promise<number> {
    if (!this.#types.has(type)) return 0
    const where = device === undefined ? '' : `WHERE "device" = ${quoteText(device)}`
    const measurement = quoteName(this.#names.of(type))
    const [series] = await this.#client.select(`SELECT count("seq") FROM ${measurement} ${where}`)
    return Number(series?.rows[0]?.[1] ?? 0)
  }

  async rollUp(now: number): Promise<void> {
    for (const dirty of await this.#state.dirtyHours(now)) await this.#serial(() => this.#rollUpHour(dirty))
  }

  async prune(retention: Retention, now: number): Promise<void> {
    await this.rollUp(now)
    const rawCut = hourOf(now - retention.rawDays * DAY_MS)
    const hourlyCut = hourOf(now - retention.hourlyDays * DAY_MS)
    const { of, hourly, dirty } = this.#names
    await this.#serial(async () => {
      // Recorded before anything is deleted: a roll-up must never be made again from the rest of an hour.
      await this.#state.setRawFrom(Math.max(rawCut, await this.#state.rawFrom()))
      for (const type of this.#types.keys()) await this.#deleteBefore(of(type), rawCut)
      for (const kind of messageKinds) await this.#deleteBefore(of(kind), hourlyCut)
      for (const name of [hourly, dirty]) await this.#deleteBefore(name, hourlyCut)
    })
  }

  close(): Promise<void> {
    return this.#serial(async () => this.#client.close())
  }

  /** The cursor moves last: after a failure the same lines are sent again, which are the same points. */
  async #store(entries: Iterable<DeviceRow>, upTo: number): Promise<{ refused: number }> {
    const after = await this.#state.cursor()
    if (upTo <= after) return { refused: 0 }
    const lines: string[] = []
    const limits = { types: this.#types, after, maxTime: MAX_TIME_MS }
    const batch = sortBatch(entries, limits, {
      reading: (entry) => {
        const { line, fits } = this.#lines.reading(entry)
        lines.push(line)
        return fits
      },
      message: (entry) => void lines.push(this.#lines.message(entry)),
    })
    const refused = await this.#send(lines)
    const dirty = hoursOf(batch).filter((hour) => !this.#marked.has(keyOf(hour)))
    await this.#state.mark(dirty, true)
    await this.#state.setCursor(upTo)
    for (const hour of dirty) this.#marked.add(keyOf(hour))
    return { refused: batch.refused + refused }
  }

  async #rollUpHour(dirty: DirtyHour): Promise<void> {
    const type = this.#types.get(dirty.type)
    if (type) {
      const keepOld = dirty.hour < (await this.#state.rawFrom())
      await this.#send(await rollUpLines(this.#client, this.#names, { type, hour: dirty.hour, keepOld }))
    }
    await this.#state.mark([dirty], false)
    this.#marked.delete(keyOf(dirty))
  }

  /** Returns how many lines InfluxDB refused for their content. */
  async #send(lines: readonly string[]): Promise<number> {
    const reasons: string[] = []
    const { refused } = await sendLines(this.#client, lines, {
      linesPerRequest: this.#linesPerRequest,
      onRefused: (reason) => reasons.push(reason),
    })
    if (refused > 0) this.#logger.warn({ refused, reason: reasons[0] }, 'InfluxDB refused points')
    return refused
  }

  #deleteBefore(measurement: string, cut: number): Promise<void> {
    return this.#client.execute(`DELETE FROM ${quoteName(measurement)} WHERE time < ${time(cut)}`)
  }
}
