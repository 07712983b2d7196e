/** Lift readings per second into the journal, and their cost on the main thread. `node bench/micro/journal.ts [entries]` */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DeviceEntry } from '../../model/entry.ts'
import type { Journal } from '../../model/ports/journal.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import { openJournalReader } from '../../storage/journal/reader.ts'
import { openSqliteJournal } from '../../storage/journal/sqlite-journal.ts'

/** Unacknowledged messages of 100 connections with a window of 32. */
const IN_FLIGHT = 3_200

function liftReading(i: number): DeviceEntry {
  return {
    kind: 'telemetry',
    site: 'garden-north',
    type: 'elevator',
    device: `lift-${i % 200}`,
    receivedAt: 1_764_000_000_000 + i,
    ts: 1_764_000_000_000 + i - 120,
    quality: 'live',
    messageSeq: i,
    values: {
      carMode: 'normal',
      carDriveStatus: 'rated-speed',
      carMovingDirection: i % 2 ? 'up' : 'down',
      carPosition: i % 30,
      carDoorZone: false,
      carDoorStatus: 'closed',
      passengerPresence: true,
      passengerAlarm: false,
      carLoad: 35.5 + (i % 70) / 10,
      carSpeed: 1.75 - (i % 13) / 100,
      levellingError: 3.2,
      doorReopens: 1,
      doorCycles: 123_456 + i,
      tripCount: 65_432 + i,
      motorTemperature: 48.25 + (i % 17) / 4,
      machineRoomTemperature: 24.5,
      vibrationRms: 1.25 + (i % 8) / 8,
      faultSignals: [],
      batteryLevel: -1,
      rssi: -67,
    },
  }
}

/** One of `IN_FLIGHT` senders: sends the next message when the last one is acknowledged. */
async function send(journal: Journal, next: () => number | undefined): Promise<void> {
  for (let i = next(); i !== undefined; i = next()) await journal.append(liftReading(i))
}

async function appendAll(journal: Journal, total: number): Promise<void> {
  let given = 0
  const next = (): number | undefined => (given < total ? given++ : undefined)
  await Promise.all(Array.from({ length: IN_FLIGHT }, () => send(journal, next)))
}

/** The cost of creating readings and waiting, measured alone to be subtracted. */
async function measureOverhead(total: number): Promise<number> {
  const before = process.threadCpuUsage()
  const wait = () => new Promise<number>((resolve) => setImmediate(resolve, 0))
  await appendAll({ append: wait } as unknown as Journal, total)
  return mainThreadMicros(before)
}

function mainThreadMicros(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before)
  return user + system
}

async function main(total: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'linli-bench-'))
  const path = join(folder, 'journal.db')
  const journal = await openSqliteJournal({ path }, { logger: silentLogger, metrics: noMetrics })
  try {
    await appendAll(journal, 50_000)
    const idle = await measureOverhead(total)
    let groups = 0
    journal.onAppend(() => groups++)
    const cpu = process.threadCpuUsage()
    const start = performance.now()
    await appendAll(journal, total)
    const seconds = (performance.now() - start) / 1000
    const micros = mainThreadMicros(cpu)
    console.log(`append: ${Math.round(total / seconds)} entries/s, ${groups} groups`)
    console.log(
      `main thread: ${(micros / total).toFixed(2)} us/entry, ${(idle / total).toFixed(2)} of it from the benchmark itself`,
    )
    readAll(path, total)
    console.log(`size: ${(statSync(path).size / (total + 50_000)).toFixed(0)} bytes/entry`)
  } finally {
    await journal.close()
    rmSync(folder, { recursive: true })
  }
}

function readAll(path: string, total: number): void {
  const reader = openJournalReader(path)
  const start = performance.now()
  let seq = 0
  for (let page = reader.read(0, 1_000); page.length > 0; page = reader.read(seq, 1_000))
    seq = page.at(-1)?.seq ?? seq
  const seconds = (performance.now() - start) / 1000
  reader.close()
  if (seq !== total + 50_000) throw new Error(`read ${seq} entries instead of ${total + 50_000}`)
  console.log(`read: ${Math.round(seq / seconds)} entries/s`)
}

await main(Number(process.argv[2] ?? 300_000))
