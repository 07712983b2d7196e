/** A real dashboard with the built web apps over real records, alerts and cases, for browser tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAlerts } from '../../alerts/alerts.ts'
import { alertOptions } from '../../alerts/options.ts'
import { createCases } from '../../cases/cases.ts'
import { caseOptions } from '../../cases/options.ts'
import { createDashboard, type Dashboard } from '../../dashboard/server/dashboard.ts'
import type { DashboardDeps } from '../../dashboard/server/deps.ts'
import { dashboardOptions } from '../../dashboard/server/options.ts'
import { hashPassword } from '../../dashboard/server/passwords.ts'
import { systemClock } from '../../model/clock.ts'
import type { Finding } from '../../model/finding.ts'
import type { LatestReading } from '../../model/live-feed.ts'
import type { HistoryPoint, HistoryQuery } from '../../model/ports/history.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import { openSqliteRecords } from '../../storage/records/sqlite-records.ts'
import { binDays, consoleDevices, consoleDirectory, consoleUsers } from './console-fixtures.ts'
import { type MemoryJournal, memoryJournal } from './memory-journal.ts'
import { openRuleDesk } from './rule-service.ts'

export const consolePassword = 'right-horse-battery'
const webRoot = join(import.meta.dirname, '../../dist/web')

export interface ConsoleHub {
  readonly url: string
  find(...findings: readonly Finding[]): Promise<void>
  receive(reading: LatestReading): void
  /** Stops the web server, as in a crash or network failure; the records stay. */
  stopServer(): Promise<void>
  /** Starts the web server again at the same address. */
  restartServer(): Promise<void>
  stop(): Promise<void>
}

export async function startConsoleHub(): Promise<ConsoleHub> {
  // Not `temporaryFolder`: this hub outlives one test.
  const folder = mkdtempSync(join(tmpdir(), 'linli-console-'))
  const records = await openSqliteRecords(join(folder, 'records.db'))
  const passwordHash = await hashPassword(consolePassword)
  for (const person of consoleUsers(passwordHash)) await records.users.put(person)

  let dashboard: Dashboard | undefined
  const changed = (): void => dashboard?.publishChanges()
  const common = {
    records,
    directory: () => consoleDirectory,
    clock: systemClock,
    logger: silentLogger,
    metrics: noMetrics,
  }
  const alerts = createAlerts(alertOptions.parse({}), { ...common, changed })
  const cases = createCases(caseOptions.parse({}), { ...common, changed })
  const registry = latestReadings()
  const journal = await journalWithQuarantine()
  const deps: DashboardDeps = {
    ...common,
    alerts,
    cases,
    ...(await openRuleDesk({
      records,
      directory: consoleDirectory,
      noteChange: alerts.noteRuleChange,
      entries: binDays(systemClock.now()),
    })),
    registry,
    journal,
    history: { query: async (query) => wave(query) },
    status: () => ({ rulesBehind: 0, historyBehind: 0 }),
    readiness: async () => ({ ready: true, reasons: [] }),
    metricsText: async () => '',
    webRoot,
  }
  let port = 0
  const startServer = async (): Promise<void> => {
    dashboard = createDashboard(dashboardOptions.parse({ port }), deps)
    await dashboard.start()
    port = Number(new URL(dashboard.address() ?? '').port)
  }
  await startServer()
  return {
    url: `http://127.0.0.1:${port}`,
    async find(...findings) {
      await records.transaction((tx) => alerts.applyFindings(tx, findings))
      changed()
    },
    receive: registry.receive,
    async stopServer() {
      await dashboard?.stop()
      dashboard = undefined
    },
    restartServer: startServer,
    async stop() {
      await dashboard?.stop()
      await records.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A journal with one unreadable message of lamp-1. */
async function journalWithQuarantine(): Promise<MemoryJournal> {
  const journal = memoryJournal()
  await journal.quarantine({
    receivedAt: systemClock.now() - 60_000,
    topic: 'lamp-1',
    device: 'lamp-1',
    reason: 'not-json',
    payload: new TextEncoder().encode('{"powerConsumption": 41.2, <img src=x onerror=alert(1)>'),
    size: 54,
  })
  return journal
}

function latestReadings() {
  const now = systemClock.now()
  const latest = new Map<string, LatestReading>(
    consoleDevices.map(({ id, type }, index) => [
      id,
      {
        device: id,
        ts: now - 4_000,
        receivedAt: now - 4_000,
        online: index % 11 !== 5,
        values: firstValues(type),
      },
    ]),
  )
  const listeners = new Set<(devices: readonly string[]) => void>()
  return {
    latest: (id: string) => latest.get(id),
    all: () => [...latest.values()],
    onlineCount: () => [...latest.values()].filter((reading) => reading.online).length,
    onChange(listener: (devices: readonly string[]) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    receive(reading: LatestReading) {
      latest.set(reading.device, reading)
      for (const listener of listeners) listener([reading.device])
    },
  }
}

function firstValues(type: string): LatestReading['values'] {
  if (type === 'streetlight') {
    return {
      powerState: 'on',
      powerConsumption: 41.2,
      voltage: 229.4,
      current: 0.18,
      illuminanceLevel: 0.6,
      rssi: -71,
    }
  }
  if (type === 'elevator')
    return { carPosition: 7, carSpeed: 0, passengerPresence: true, motorTemperature: 41.5 }
  if (type === 'bin') return { fillingLevel: 0.83, temperature: 18.4, batteryLevel: 0.7 }
  return { contact: true, batteryLevel: 0.82, rssi: -64 }
}

/** A slow wave with two hours without data, in buckets; `on`/`off` for an enum field. */
function wave(query: HistoryQuery): HistoryPoint[] {
  const bucket = query.bucket ?? 60_000
  const start = Math.ceil(query.from / bucket) * bucket
  const silentFrom = query.from + 9 * 3_600_000
  const points: HistoryPoint[] = []
  for (let at = start, index = 0; at < query.to; at += bucket, index++) {
    if (at >= silentFrom && at < silentFrom + 2 * 3_600_000) continue
    if (query.field === 'powerState') points.push({ at, value: index % 120 < 70 ? 'on' : 'off' })
    else points.push(waveAt(at, index, query.field === 'illuminanceLevel' ? 100 : 1))
  }
  return points
}

function waveAt(at: number, index: number, divisor: number): HistoryPoint {
  const value = (40 + 18 * Math.sin(index / 21) + 3 * Math.sin(index / 2.3)) / divisor
  return { at, value, min: value - 4 / divisor, max: value + 5 / divisor, count: 5 }
}
