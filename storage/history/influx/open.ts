/** The history in InfluxDB 1.8, 2 or 3: idempotent lines, then the cursor; nothing moves on before the server has stored it. */
import { type Clock, systemClock } from '../../../model/clock.ts'
import type { DeviceType } from '../../../model/device-type.ts'
import { deviceTypes } from '../../../model/devices/table.ts'
import type { History, Retention } from '../../../model/ports/history.ts'
import { type Logger, silentLogger } from '../../../model/ports/logger.ts'
import { type DeviceRow, type DirtyHour, hoursOf, keyOf, sortBatch } from '../batch.ts'
import { DAY_MS, hourOf } from '../buckets.ts'
import { createReader } from '../reader.ts'
import { createSerial } from '../serial.ts'
import { createInfluxClient } from './client.ts'
import { MAX_TIME_MS, quoteName, quoteText, time } from './influxql.ts'
import { createLineWriter } from './line-protocol.ts'
import { createNames } from './names.ts'
import { rollUpLines } from './roll-up.ts'
import { sendLines } from './send.ts'
import { createInfluxSource } from './source.ts'
import { createInfluxState } from './state.ts'

export interface InfluxOptions {
  readonly url: string
  /** InfluxDB 1.8: any word. */
  readonly org: string
  /** InfluxDB 1.8: `database/retention-policy`. In InfluxDB 2 the bucket must be reachable by InfluxQL under its name. */
  readonly bucket: string
  /** InfluxDB 1.8: `user:password`. */
  readonly token: string
  /** Put before every measurement, so that hubs can share a bucket. */
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
  const types = options.types ?? deviceTypes
  const { linesPerRequest = 5000 } = options
  const logger = deps.logger ?? silentLogger
  const names = createNames(options.prefix ?? '')
  const client = createInfluxClient({ timeoutMs: 10_000, gzip: false, ...options })
  const state = createInfluxState({ client, names, clock: deps.clock ?? systemClock })
  const lines = createLineWriter(types, names.prefix)
  const serial = createSerial()
  /** Marked in InfluxDB already, so that one mark an hour is written and not one a batch. */
  const marked = new Set<string>()

  const send = async (part: readonly string[]): Promise<number> => {
    const reasons: string[] = []
    const onRefused = (reason: string) => reasons.push(reason)
    const { refused } = await sendLines(client, part, { linesPerRequest, onRefused })
    if (refused > 0) logger.warn({ refused, reason: reasons[0] }, 'InfluxDB refused points')
    return refused
  }

  async function store(entries: Iterable<DeviceRow>, upTo: number): Promise<{ refused: number }> {
    const after = await state.cursor()
    if (upTo <= after) return { refused: 0 }
    const built: string[] = []
    const batch = sortBatch(
      entries,
      { types, after, maxTime: MAX_TIME_MS },
      {
        reading(entry) {
          const { line, fits } = lines.reading(entry)
          built.push(line)
          return fits
        },
        message: (entry) => void built.push(lines.message(entry)),
      },
    )
    const refused = await send(built)
    const dirty = hoursOf(batch).filter((hour) => !marked.has(keyOf(hour)))
    await state.mark(dirty, true)
    await state.setCursor(upTo)
    for (const hour of dirty) marked.add(keyOf(hour))
    return { refused: batch.refused + refused }
  }

  async function rollUpOne(dirty: DirtyHour): Promise<void> {
    const type = types.get(dirty.type)
    if (type) {
      const keepOld = dirty.hour < (await state.rawFrom())
      await send(await rollUpLines(client, names, { type, hour: dirty.hour, keepOld }))
    }
    await state.mark([dirty], false)
    marked.delete(keyOf(dirty))
  }

  async function rollUp(now: number): Promise<void> {
    for (const dirty of await state.dirtyHours(now)) await serial(() => rollUpOne(dirty))
  }

  async function prune(retention: Retention, now: number): Promise<void> {
    await rollUp(now)
    const rawCut = hourOf(now - retention.rawDays * DAY_MS)
    const hourlyCut = hourOf(now - retention.hourlyDays * DAY_MS)
    await serial(async () => {
      // First the mark, then the deed: a roll-up is never made again from what is left of its hour.
      await state.setRawFrom(Math.max(rawCut, await state.rawFrom()))
      for (const type of types.keys()) await deleteBefore(names.of(type), rawCut)
      for (const kind of messageKinds) await deleteBefore(names.of(kind), hourlyCut)
      for (const name of [names.hourly, names.dirty]) await deleteBefore(name, hourlyCut)
    })
  }

  const deleteBefore = (measurement: string, cut: number): Promise<void> =>
    client.execute(`DELETE FROM ${quoteName(measurement)} WHERE time < ${time(cut)}`)

  async function count({ type, device }: { type: string; device?: string }): Promise<number> {
    if (!types.has(type)) return 0
    const where = device === undefined ? '' : `WHERE "device" = ${quoteText(device)}`
    const [series] = await client.select(`SELECT count("seq") FROM ${quoteName(names.of(type))} ${where}`)
    return Number(series?.rows[0]?.[1] ?? 0)
  }

  return {
    cursor: () => state.cursor(),
    write: (entries, upTo) => serial(() => store(entries, upTo)),
    query: createReader(types, { ...createInfluxSource(client, names), rawFrom: () => state.rawFrom() }),
    count,
    rollUp,
    prune,
    close: () => serial(async () => client.close()),
  }
}
