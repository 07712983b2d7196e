import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { manualClock } from '../../model/clock.ts'
import type { DeviceEntry, Entry } from '../../model/entry.ts'
import type { Journal } from '../../model/ports/journal.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import { temporaryFolder } from '../../tests/support/temporary-folder.ts'
import { openSqliteJournal } from '../journal/sqlite-journal.ts'
import { openDuckDbHistory } from './duckdb/open.ts'
import { historyOptions } from './options.ts'
import { createHistoryService, type HistoryService } from './service.ts'

const HOUR = 3_600_000
const T0 = 1_772_323_200_000
/** A shared machine may be slow. */
const soon = { timeout: 15_000 }
const quiet = { logger: silentLogger, metrics: noMetrics }

const reading = (n: number): DeviceEntry => ({
  kind: 'telemetry',
  site: 'north',
  type: 'bin',
  device: `bin-${n % 3}`,
  receivedAt: T0 + n,
  ts: T0 + n,
  quality: 'live',
  values: { fillingLevel: 0.5 },
})
const tick = (n: number): Entry => ({ kind: 'tick', receivedAt: T0 + n })

describe('history service', () => {
  const closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })

  async function openJournal(folder: string): Promise<Journal> {
    const journal = await openSqliteJournal({ path: join(folder, 'journal.db') }, quiet)
    closers.push(() => journal.close())
    return journal
  }

  async function startService(folder: string, more: object = {}): Promise<HistoryService> {
    const service = createHistoryService(
      { ...historyOptions.parse({}), path: join(folder, 'history.duckdb'), ...more },
      { journalPath: join(folder, 'journal.db'), clock: manualClock(T0), ...quiet },
    )
    closers.push(() => service.stop())
    await service.start()
    return service
  }

  test('follows the journal, ticks included, and answers charts', async () => {
    const folder = temporaryFolder()
    const journal = await openJournal(folder)
    await Promise.all(Array.from({ length: 500 }, (_, n) => journal.append(n % 5 ? reading(n) : tick(n))))
    const service = await startService(folder)
    await vi.waitFor(
      () => expect(service.status()).toMatchObject({ cursor: 500, behind: 0, state: 'ok' }),
      soon,
    )
    journal.onAppend(() => service.notify())
    for (let n = 500; n < 520; n++) await journal.append(reading(n))
    await vi.waitFor(() => expect(service.status().cursor).toBe(520), soon)
    expect(await service.count({ type: 'bin' })).toBe(420)
    const points = await service.query({
      device: 'bin-0',
      type: 'bin',
      field: 'fillingLevel',
      from: T0,
      to: T0 + HOUR,
      bucket: HOUR,
    })
    expect(points).toEqual([{ at: T0, value: 0.5, min: 0.5, max: 0.5, count: expect.any(Number) }])
  })

  test('stores what is journaled before it stops; a new one continues from there', async () => {
    const folder = temporaryFolder()
    const journal = await openJournal(folder)
    const first = await startService(folder)
    await Promise.all(Array.from({ length: 3000 }, (_, n) => journal.append(reading(n))))
    await first.stop()
    await journal.append(reading(3000))
    const second = await startService(folder)
    await vi.waitFor(() => expect(second.status().cursor).toBe(3001), soon)
    expect(await second.count({ type: 'bin' })).toBe(3001)
    await second.stop()
    await expect(second.count({ type: 'bin' })).rejects.toMatchObject({ code: 'HISTORY_UNAVAILABLE' })
  })

  test('errors of a query keep their code', async () => {
    const folder = temporaryFolder()
    await openJournal(folder)
    const service = await startService(folder)
    const query = { device: 'bin-0', type: 'bin', field: 'fillingLevel', from: 0, to: 1, bucket: 0 }
    await expect(service.query(query)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test('refuses to start with a damaged file', async () => {
    const folder = temporaryFolder()
    await openJournal(folder)
    writeFileSync(join(folder, 'history.duckdb'), 'not a database, but long enough to be one'.repeat(500))
    await expect(startService(folder)).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' })
  })

  test('starts while InfluxDB is unreachable and reports it', async () => {
    const folder = temporaryFolder()
    const journal = await openJournal(folder)
    await journal.append(reading(1))
    const influxdb = {
      ...historyOptions.parse({}).influxdb,
      url: 'http://127.0.0.1:1',
      bucket: 'b',
      token: 't',
    }
    const service = await startService(folder, { engine: 'influxdb', influxdb })
    await vi.waitFor(
      () => expect(service.status()).toMatchObject({ state: 'waiting', cursor: 0, behind: 1 }),
      soon,
    )
    expect(service.status().reason).toContain('InfluxDB does not answer')
  })

  test('a history that is ahead of its journal is not written to', async () => {
    const folder = temporaryFolder()
    const journal = await openJournal(folder)
    await journal.append(reading(1))
    const foreign = await openDuckDbHistory({ path: join(folder, 'history.duckdb') })
    await foreign.write([], 1000)
    await foreign.close()
    const service = await startService(folder)
    await vi.waitFor(() => expect(service.status().reason).toContain('do not belong together'), soon)
    expect(await service.count({ type: 'bin' })).toBe(0)
  })
})
