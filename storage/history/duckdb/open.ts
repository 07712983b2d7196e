/** The embedded history in DuckDB: readings and cursor are written in one transaction (DESIGN 3). */
import type { DuckDBConnection } from '@duckdb/node-api'
import type { DeviceType } from '../../../model/device-type.ts'
import { deviceTypes } from '../../../model/devices/table.ts'
import type { History, HistoryPoint, HistoryQuery, Retention } from '../../../model/ports/history.ts'
import { createSerial, type Serial } from '../../../model/serial.ts'
import { DAY_MS } from '../../../model/time.ts'
import { type DeviceRow, type DirtyHour, hoursOf, keyOf, sortBatch } from '../batch.ts'
import { hourOf } from '../buckets.ts'
import { createReader } from '../reader.ts'
import type { Tables } from './append.ts'
import { dirtyHours, markDirty, rollUpHour, unmarkDirty } from './roll-up.ts'
import { messageKinds, quoteName } from './schema.ts'
import { openSharedDatabase, type SharedDatabase } from './shared-database.ts'
import { createDuckDbSource } from './source.ts'
import { readState, type State, transaction, writeState } from './state.ts'

export interface DuckDbOptions {
  /** The file, created when missing; `:memory:` for none. */
  readonly path: string
  /**
   * Default 1: a second thread mostly polls while readings are written, measured 1.1 us of CPU per reading. It would
   * draw a chart over a day of 1,000 devices in 15 ms instead of 28.
   */
  readonly threads?: number
  /** Memory DuckDB may use, MiB. */
  readonly memoryMb?: number
  readonly types?: ReadonlyMap<string, DeviceType>
}

/**
 * Opens the history in the file. Throws DATA_DIR_IN_USE when another process uses it, STORAGE_CORRUPT when it cannot be
 * read; a damaged file is never replaced by an empty one.
 */
export async function openDuckDbHistory(options: DuckDbOptions): Promise<History> {
  const types = options.types ?? deviceTypes
  const database = await openSharedDatabase({ threads: 1, memoryMb: 256, ...options, types })
  return new DuckDbHistory(types, database, await database.use(({ writer }) => readState(writer)))
}

class DuckDbHistory implements History {
  readonly #types: ReadonlyMap<string, DeviceType>
  readonly #database: SharedDatabase
  readonly #serial: Serial = createSerial()
  /** Hours already marked dirty in the file, so that a mark is written once and not with every batch. */
  readonly #marked: Set<string> = new Set()
  /** Undefined after a failure: then only the file knows whether the change was made. */
  #state: State | undefined

  constructor(types: ReadonlyMap<string, DeviceType>, database: SharedDatabase, state: State) {
    this.#types = types
    this.#database = database
    this.#state = state
  }

  cursor(): Promise<number> {
    return this.#change(async (_, { cursor }) => cursor)
  }

  write(entries: Iterable<DeviceRow>, upTo: number): Promise<{ refused: number }> {
    return this.#change(async (writer, state, tables) => {
      if (upTo <= state.cursor) return { refused: 0 }
      // A failed write may have left rows.
      tables.clear()
      const limits = { types: this.#types, after: state.cursor, maxTime: Number.MAX_SAFE_INTEGER }
      const batch = sortBatch(entries, limits, tables)
      const dirty = hoursOf(batch).filter((hour) => !this.#marked.has(keyOf(hour)))
      await transaction(writer, async () => {
        await tables.append()
        await markDirty(writer, dirty)
        await writeState(writer, 'cursor', upTo)
      })
      this.#state = { ...state, cursor: upTo }
      for (const hour of dirty) this.#marked.add(keyOf(hour))
      return { refused: batch.refused }
    })
  }

  query(request: HistoryQuery): Promise<HistoryPoint[]> {
    return this.#database.use(async ({ reader }) => {
      const rawFrom = async () => (this.#state ?? (await readState(reader))).rawFrom
      return createReader(this.#types, { ...createDuckDbSource(reader), rawFrom })(request)
    })
  }

  count(request: { type: string; device?: string }): Promise<number> {
    return this.#database.use(({ reader }) => count(reader, this.#types, request))
  }

  async rollUp(now: number): Promise<void> {
    for (const dirty of await this.#change((writer) => dirtyHours(writer, now))) await this.#rollUpHour(dirty)
  }

  async prune(retention: Retention, now: number): Promise<void> {
    await this.rollUp(now)
    await this.#change(async (writer, state) => {
      const rawFrom = Math.max(state.rawFrom, hourOf(now - retention.rawDays * DAY_MS))
      const hourlyFrom = hourOf(now - retention.hourlyDays * DAY_MS)
      await transaction(writer, async () => {
        await deleteBefore(writer, [...this.#types.keys()], { column: 'ts', cut: rawFrom })
        await deleteBefore(writer, messageKinds, { column: 'ts', cut: hourlyFrom })
        await deleteBefore(writer, ['linli_hourly'], { column: 'hour', cut: hourlyFrom })
        await writeState(writer, 'rawFrom', rawFrom)
      })
      this.#state = { ...state, rawFrom }
      await writer.run('CHECKPOINT')
    })
  }

  close(): Promise<void> {
    return this.#serial(() => this.#database.close())
  }

  /** Changes run one after the other, so that a write never runs during a roll-up. */
  #change<T>(work: (writer: DuckDBConnection, state: State, tables: Tables) => Promise<T>): Promise<T> {
    return this.#serial(() =>
      this.#database.use(async ({ writer, tables }) => {
        try {
          this.#state ??= await readState(writer)
          return await work(writer, this.#state, tables)
        } catch (error) {
          this.#state = undefined
          this.#marked.clear()
          throw error
        }
      }),
    )
  }

  #rollUpHour(dirty: DirtyHour): Promise<void> {
    return this.#change(async (writer, { rawFrom }) => {
      const type = this.#types.get(dirty.type)
      if (type) await rollUpHour(writer, { type, hour: dirty.hour, keepOld: dirty.hour < rawFrom })
      else await unmarkDirty(writer, dirty)
      this.#marked.delete(keyOf(dirty))
    })
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
