/** The embedded history: DuckDB, readings and cursor in one transaction (DESIGN 3). */
import type { DuckDBConnection } from '@duckdb/node-api'
import type { DeviceType } from '../../../model/device-type.ts'
import { deviceTypes } from '../../../model/devices/table.ts'
import { LinliError } from '../../../model/errors.ts'
import type { History, Retention } from '../../../model/ports/history.ts'
import { type Batch, type DeviceRow, type DirtyHour, hoursOf, keyOf, sortBatch } from '../batch.ts'
import { DAY_MS, hourOf } from '../buckets.ts'
import { createReader } from '../reader.ts'
import { createSerial } from '../serial.ts'
import { HistoryUnavailable, messageOf } from '../unavailable.ts'
import { appendMessages, appendReadings } from './append.ts'
import { type Database, openDatabase } from './database.ts'
import { dirtyHours, forgetDirty, markDirty, rollUpHour } from './roll-up.ts'
import { messageKinds, quoteName } from './schema.ts'
import { createDuckDbSource } from './source.ts'
import { readState, transaction, writeState } from './state.ts'

export interface DuckDbOptions {
  /** The file; made when missing. `:memory:` for none. */
  readonly path: string
  readonly threads?: number
  /** Memory DuckDB may use, MiB. */
  readonly memoryMb?: number
  readonly types?: ReadonlyMap<string, DeviceType>
}

/**
 * Opens the history in the file. Throws DATA_DIR_IN_USE when another process has it, STORAGE_CORRUPT when it cannot
 * be read; it never starts empty in its place.
 */
export async function openDuckDbHistory(options: DuckDbOptions): Promise<History> {
  const types = options.types ?? deviceTypes
  const database = await createHolder({ threads: 2, memoryMb: 256, ...options, types })
  const serial = createSerial()
  /** Marked in the file already, so that one mark an hour is written and not one a batch. */
  const marked = new Set<string>()
  let cursor = (await readState(database.current.writer, 'cursor')) ?? 0
  let rawFrom = (await readState(database.current.writer, 'rawFrom')) ?? Number.NEGATIVE_INFINITY

  const guarded = <T>(work: (db: Database) => Promise<T>): Promise<T> => serial(() => database.use(work))

  async function store(entries: readonly DeviceRow[], upTo: number): Promise<{ refused: number }> {
    const batch = sortBatch(entries, { types, after: cursor, maxTime: Number.MAX_SAFE_INTEGER })
    const dirty = hoursOf(batch).filter((hour) => !marked.has(keyOf(hour)))
    const refused = await database.use(({ writer }) =>
      transaction(writer, async () => {
        const unfit = await appendBatch(writer, types, batch)
        await markDirty(writer, dirty)
        await writeState(writer, 'cursor', upTo)
        return unfit
      }),
    )
    cursor = upTo
    for (const hour of dirty) marked.add(keyOf(hour))
    return { refused: batch.refused + refused }
  }

  async function rollUpOne(writer: DuckDBConnection, dirty: DirtyHour): Promise<void> {
    const type = types.get(dirty.type)
    if (type) await rollUpHour(writer, { type, hour: dirty.hour, keepOld: dirty.hour < rawFrom })
    else await forgetDirty(writer, dirty)
    marked.delete(keyOf(dirty))
  }

  async function rollUp(now: number): Promise<void> {
    const due = await guarded(({ writer }) => dirtyHours(writer, now))
    for (const dirty of due) await guarded(({ writer }) => rollUpOne(writer, dirty))
  }

  async function prune(retention: Retention, now: number): Promise<void> {
    await rollUp(now)
    const rawCut = hourOf(now - retention.rawDays * DAY_MS)
    const hourlyCut = hourOf(now - retention.hourlyDays * DAY_MS)
    await guarded(async ({ writer }) => {
      await transaction(writer, async () => {
        for (const type of types.keys()) await deleteBefore(writer, type, rawCut)
        for (const kind of messageKinds) await deleteBefore(writer, kind, hourlyCut)
        await writer.run('DELETE FROM linli_hourly WHERE hour < $1', [BigInt(hourlyCut)])
        await writeState(writer, 'rawFrom', Math.max(rawCut, rawFrom))
      })
      rawFrom = Math.max(rawCut, rawFrom)
      await writer.run('CHECKPOINT')
    })
  }

  const query = createReader(types, {
    ...createDuckDbSource(async () => database.current.reader),
    rawFrom: async () => rawFrom,
  })

  return {
    cursor: async () => cursor,
    write: (entries, upTo) =>
      serial(async () => (upTo <= cursor ? { refused: 0 } : await store(entries, upTo))),
    query: (request) => database.use(() => query(request)),
    count: (request) => database.use(({ reader }) => count(reader, types, request)),
    rollUp,
    prune,
    close: () => serial(async () => database.close()),
  }
}

/** Keeps the database; opens it anew when DuckDB declares it invalid (a full disk, a failed read). */
async function createHolder(options: Parameters<typeof openDatabase>[0]) {
  let current = await openDatabase(options)
  let broken = false
  return {
    get current() {
      return current
    },
    async use<T>(work: (database: Database) => Promise<T>): Promise<T> {
      if (broken) {
        current = await openDatabase(options)
        broken = false
      }
      try {
        return await work(current)
      } catch (error) {
        if (error instanceof LinliError) throw error
        if (!broken && /fatal|invalidated/i.test(messageOf(error))) {
          broken = true
          current.close()
        }
        throw new HistoryUnavailable(`history: ${messageOf(error)}`, { cause: error })
      }
    },
    close(): void {
      if (!broken) current.close()
    },
  }
}

async function appendBatch(
  writer: DuckDBConnection,
  types: ReadonlyMap<string, DeviceType>,
  batch: Batch,
): Promise<number> {
  let refused = 0
  for (const [name, entries] of batch.readings) {
    const type = types.get(name)
    if (type) refused += (await appendReadings(writer, type, entries)).refused
  }
  for (const kind of messageKinds) {
    const entries = batch.messages.filter((entry) => entry.kind === kind)
    if (entries.length > 0) await appendMessages(writer, kind, entries)
  }
  return refused
}

async function deleteBefore(writer: DuckDBConnection, table: string, cut: number): Promise<void> {
  await writer.run(`DELETE FROM ${quoteName(table)} WHERE ts < $1`, [BigInt(cut)])
}

async function count(
  reader: DuckDBConnection,
  types: ReadonlyMap<string, DeviceType>,
  { type, device }: { type: string; device?: string },
): Promise<number> {
  if (!types.has(type)) return 0
  const where = device === undefined ? '' : 'WHERE device = $1'
  const found = await reader.runAndReadAll(
    `SELECT count(*)::DOUBLE FROM ${quoteName(type)} ${where}`,
    device === undefined ? [] : [device],
  )
  return Number(found.getRows()[0]?.[0])
}
