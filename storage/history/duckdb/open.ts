/** The embedded history: DuckDB, readings and cursor in one transaction (DESIGN 3). */
import type { DuckDBConnection } from '@duckdb/node-api'
import type { DeviceType } from '../../../model/device-type.ts'
import { deviceTypes } from '../../../model/devices/table.ts'
import type { History, Retention } from '../../../model/ports/history.ts'
import { type DeviceRow, type DirtyHour, hoursOf, keyOf, sortBatch } from '../batch.ts'
import { DAY_MS, hourOf } from '../buckets.ts'
import { createReader } from '../reader.ts'
import { createSerial } from '../serial.ts'
import type { Tables } from './append.ts'
import { holdDatabase } from './handle.ts'
import { dirtyHours, forgetDirty, markDirty, rollUpHour } from './roll-up.ts'
import { messageKinds, quoteName } from './schema.ts'
import { createDuckDbSource } from './source.ts'
import { readState, type State, transaction, writeState } from './state.ts'

export interface DuckDbOptions {
  /** The file; made when missing. `:memory:` for none. */
  readonly path: string
  /**
   * Default 1: while readings are written a second thread mostly looks for work, measured 1.1 us of CPU a reading. A
   * chart over a day of 1,000 devices takes 28 ms instead of 15.
   */
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
  const database = await holdDatabase({ threads: 1, memoryMb: 256, ...options, types })
  const serial = createSerial()
  /** Marked in the file already, so that one mark an hour is written and not one a batch. */
  const marked = new Set<string>()
  let known: State | undefined = await database.use(({ writer }) => readState(writer))

  /** One change after the other. After a failure only the file knows whether the change was made. */
  const change = <T>(
    work: (writer: DuckDBConnection, state: State, tables: Tables) => Promise<T>,
  ): Promise<T> =>
    serial(() =>
      database.use(async ({ writer, tables }) => {
        try {
          known ??= await readState(writer)
          return await work(writer, known, tables)
        } catch (error) {
          known = undefined
          marked.clear()
          throw error
        }
      }),
    )

  const write = (entries: Iterable<DeviceRow>, upTo: number) =>
    change(async (writer, state, tables) => {
      if (upTo <= state.cursor) return { refused: 0 }
      const after = state.cursor
      // Also what a write that failed has left behind.
      tables.clear()
      const batch = sortBatch(entries, { types, after, maxTime: Number.MAX_SAFE_INTEGER }, tables)
      const dirty = hoursOf(batch).filter((hour) => !marked.has(keyOf(hour)))
      await transaction(writer, async () => {
        await tables.append()
        await markDirty(writer, dirty)
        await writeState(writer, 'cursor', upTo)
      })
      known = { ...state, cursor: upTo }
      for (const hour of dirty) marked.add(keyOf(hour))
      return { refused: batch.refused }
    })

  const rollUpOne = (dirty: DirtyHour) =>
    change(async (writer, { rawFrom }) => {
      const type = types.get(dirty.type)
      if (type) await rollUpHour(writer, { type, hour: dirty.hour, keepOld: dirty.hour < rawFrom })
      else await forgetDirty(writer, dirty)
      marked.delete(keyOf(dirty))
    })

  async function rollUp(now: number): Promise<void> {
    for (const dirty of await change((writer) => dirtyHours(writer, now))) await rollUpOne(dirty)
  }

  async function prune(retention: Retention, now: number): Promise<void> {
    await rollUp(now)
    await change(async (writer, state) => {
      const rawFrom = Math.max(state.rawFrom, hourOf(now - retention.rawDays * DAY_MS))
      const hourlyFrom = hourOf(now - retention.hourlyDays * DAY_MS)
      await transaction(writer, async () => {
        await deleteBefore(writer, [...types.keys()], { column: 'ts', cut: rawFrom })
        await deleteBefore(writer, messageKinds, { column: 'ts', cut: hourlyFrom })
        await deleteBefore(writer, ['linli_hourly'], { column: 'hour', cut: hourlyFrom })
        await writeState(writer, 'rawFrom', rawFrom)
      })
      known = { ...state, rawFrom }
      await writer.run('CHECKPOINT')
    })
  }

  return {
    cursor: () => change(async (_, { cursor }) => cursor),
    write,
    query: (request) =>
      database.use(async ({ reader }) => {
        const rawFrom = async () => (known ?? (await readState(reader))).rawFrom
        return createReader(types, { ...createDuckDbSource(reader), rawFrom })(request)
      }),
    count: (request) => database.use(({ reader }) => count(reader, types, request)),
    rollUp,
    prune,
    close: () => serial(() => database.close()),
  }
}

async function deleteBefore(
  writer: DuckDBConnection,
  tables: readonly string[],
  { column, cut }: { column: 'ts' | 'hour'; cut: number },
): Promise<void> {
  for (const table of tables)
    await writer.run(`DELETE FROM ${quoteName(table)} WHERE ${column} < $1`, [BigInt(cut)])
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
