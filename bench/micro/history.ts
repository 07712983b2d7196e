/** Readings per second of each history engine: written directly, and from a journal through its thread. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { stopwatch, systemClock } from '../../model/clock.ts'
import type { FieldValues } from '../../model/device-type.ts'
import type { DeviceEntry, Journaled } from '../../model/entry.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import { openHistory } from '../../storage/history/engines.ts'
import { type HistoryOptions, historyOptions } from '../../storage/history/options.ts'
import { createHistoryService } from '../../storage/history/service.ts'
import { openSqliteJournal } from '../../storage/journal/sqlite-journal.ts'

export interface HistoryFigure {
  readonly engine: string
  readonly path: 'write' | 'journal'
  readonly readings: number
  readonly readingsPerSecond: number
  /** CPU seconds of this process per second. */
  readonly cpu: number
}

const T0 = 1_772_323_200_000
const DEVICES = 2000

/** Typical messages with the usual fields of each type. */
const samples: readonly { type: string; values: (n: number) => FieldValues }[] = [
  {
    type: 'elevator',
    values: (n) => ({
      carPosition: n % 30,
      carSpeed: (n % 7) / 4,
      carMovingDirection: n % 2 ? 'up' : 'down',
      carDoorStatus: 'closed',
      passengerPresence: n % 3 === 0,
      carLoad: n % 100,
      motorTemperature: 40 + (n % 200) / 10,
      tripCount: n,
    }),
  },
  {
    type: 'streetlight',
    values: (n) => ({
      powerState: 'on',
      powerConsumption: 60 + (n % 50) / 10,
      voltage: 230 + (n % 40) / 10,
      current: 0.26,
      powerFactor: 0.97,
      activeEnergy: n / 100,
      temperature: 20 + (n % 100) / 10,
    }),
  },
  {
    type: 'cabinet',
    values: (n) => ({ activePowerR: n % 10, voltageR: 230.5, intensityR: 12.5, energyConsumed: n / 10 }),
  },
  {
    type: 'bin',
    values: (n) => ({ fillingLevel: (n % 100) / 100, temperature: 18.5, batteryLevel: 0.9, rssi: -80 }),
  },
  { type: 'door', values: (n) => ({ contact: n % 2 === 0, openCount: n, batteryLevel: 0.8, rssi: -71 }) },
  { type: 'motion', values: (n) => ({ occupancy: n % 2 === 0, illuminance: n % 300, batteryLevel: 0.8 }) },
]

export function sampleEntry(n: number): DeviceEntry {
  const device = n % DEVICES
  const sample = samples[device % samples.length] ?? samples[0]
  if (!sample) throw new Error('no samples')
  const ts = T0 + Math.floor(n / 20)
  return {
    kind: 'telemetry',
    site: `site-${device % 4}`,
    type: sample.type,
    device: `${sample.type}-${device}`,
    receivedAt: ts + 20,
    ts,
    quality: 'live',
    messageSeq: Math.floor(n / DEVICES),
    values: sample.values(n),
  }
}

/** CPU usage and rate of `work` over `readings`. */
async function measure(readings: number, work: () => Promise<void>) {
  const before = process.cpuUsage()
  const elapsed = stopwatch()
  await work()
  const seconds = elapsed()
  const used = process.cpuUsage(before)
  return {
    readings,
    readingsPerSecond: Math.round(readings / seconds),
    cpu: Number(((used.user + used.system) / 1e6 / seconds).toFixed(2)),
  }
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'linli-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function writeDirectly(options: HistoryOptions, readings: number): Promise<HistoryFigure> {
  const size = 10_000
  const entries: Journaled<DeviceEntry>[] = Array.from({ length: readings }, (_, n) => ({
    ...sampleEntry(n),
    seq: n + 1,
  }))
  return inFolder(async (folder) => {
    const history = await openHistory(
      { ...options, path: join(folder, 'history.duckdb') },
      { logger: silentLogger },
    )
    const figure = await measure(readings, async () => {
      for (let start = 0; start < readings; start += size)
        await history.write(entries.slice(start, start + size), Math.min(start + size, readings))
    })
    await history.close()
    return { engine: options.engine, path: 'write', ...figure }
  })
}

async function throughThread(options: HistoryOptions, readings: number): Promise<HistoryFigure> {
  return inFolder(async (folder) => {
    const journalPath = join(folder, 'journal.db')
    await fillJournal(journalPath, readings)
    const service = createHistoryService(
      { ...options, path: join(folder, 'history.duckdb') },
      { journalPath, clock: systemClock, logger: silentLogger, metrics: noMetrics },
    )
    const figure = await measure(readings, async () => {
      await service.start()
      while (service.status().cursor < readings) await new Promise((resolve) => setTimeout(resolve, 5))
    })
    await service.stop()
    return { engine: options.engine, path: 'journal', ...figure }
  })
}

async function fillJournal(path: string, readings: number): Promise<void> {
  const journal = await openSqliteJournal({ path }, { logger: silentLogger, metrics: noMetrics })
  const part = 5000
  for (let start = 0; start < readings; start += part)
    await Promise.all(Array.from({ length: part }, (_, n) => journal.append(sampleEntry(start + n))))
  await journal.close()
}

/** `influx`: server settings from `LINLI_TEST_INFLUX_*`; without them only the embedded engine is measured. */
export async function historyBench(
  readings: number,
  influx?: { readonly url: string; readonly org: string; readonly bucket: string; readonly token: string },
): Promise<HistoryFigure[]> {
  const options = [historyOptions.parse({})]
  if (influx) {
    const prefix = `bench_${randomUUID().slice(0, 8)}_`
    options.push(historyOptions.parse({ engine: 'influxdb', influxdb: { ...influx, prefix } }))
  }
  const figures: HistoryFigure[] = []
  for (const one of options) {
    figures.push(await writeDirectly(one, readings))
    const renamed = { ...one, influxdb: { ...one.influxdb, prefix: `${one.influxdb.prefix}t_` } }
    figures.push(await throughThread(renamed, readings))
  }
  return figures
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { LINLI_TEST_INFLUX_URL: url, LINLI_TEST_INFLUX_ORG: org = '-' } = process.env
  const { LINLI_TEST_INFLUX_BUCKET: bucket = '', LINLI_TEST_INFLUX_TOKEN: token = '' } = process.env
  const figures = await historyBench(
    Number(process.argv[2] ?? 300_000),
    url ? { url, org, bucket, token } : undefined,
  )
  console.table(figures)
}
