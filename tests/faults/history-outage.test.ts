/** InfluxDB goes away under load, again and again, and once right after it stored a batch: nothing lost, nothing doubled. */
import { randomUUID } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from '../../model/clock.ts'
import type { DeviceEntry } from '../../model/entry.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import { openInfluxHistory } from '../../storage/history/influx/open.ts'
import { historyOptions } from '../../storage/history/options.ts'
import { createHistoryService } from '../../storage/history/service.ts'
import { openSqliteJournal } from '../../storage/journal/sqlite-journal.ts'
import { describeWith, requirements } from '../support/requires.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const T0 = 1_772_323_200_000

/** Stands between hub and server, and can be cut. */
interface Wire {
  readonly url: string
  readonly server: Server
  /** Ends all connections and accepts no new one. */
  cut(): void
  mend(): void
  /** Passes requests on, but no answers back. */
  muteAnswers(): void
}

async function startWire(target: URL): Promise<Wire> {
  const sockets = new Set<Socket>()
  let mode: 'open' | 'cut' | 'mute' = 'open'
  const server = createServer((near) => {
    if (mode === 'cut') {
      near.resetAndDestroy()
      return
    }
    const far = connect(Number(target.port), target.hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (chunk) => far.write(chunk))
    far.on('data', (chunk) => {
      if (mode !== 'mute') near.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    cut() {
      mode = 'cut'
      for (const socket of sockets) socket.resetAndDestroy()
    },
    mend() {
      mode = 'open'
    },
    muteAnswers() {
      mode = 'mute'
    },
  }
}

const reading = (n: number): DeviceEntry => ({
  kind: 'telemetry',
  site: 'north',
  type: 'streetlight',
  device: `lamp-${n % 20}`,
  receivedAt: T0 + n,
  ts: T0 + n,
  quality: 'live',
  values: { powerConsumption: n, powerState: 'on' },
})

function outageTests(variable: string): void {
  test('is waited out', async () => {
    const setting = (name: string): string => process.env[`${variable}_${name}`] ?? ''
    const wire = await startWire(new URL(setting('URL')))
    const folder = temporaryFolder()
    const journalPath = join(folder, 'journal.db')
    const quiet = { logger: silentLogger, metrics: noMetrics }
    const journal = await openSqliteJournal({ path: journalPath }, quiet)
    const influxdb = {
      url: wire.url,
      org: setting('ORG'),
      bucket: setting('BUCKET'),
      token: setting('TOKEN'),
      prefix: `outage_${randomUUID().slice(0, 8)}_`,
      timeoutMs: 1000,
    }
    const options = { ...historyOptions.parse({ engine: 'influxdb', influxdb }), path: '' }
    const service = createHistoryService(options, { journalPath, clock: systemClock, ...quiet })
    const direct = openInfluxHistory({ ...influxdb, url: setting('URL') })
    onTestFinished(async () => {
      await service.stop()
      await journal.close()
      await direct.close()
      wire.cut()
      wire.server.close()
    })
    journal.onAppend(() => service.notify())
    await service.start()

    let appended = 0
    const append = async (count: number): Promise<void> => {
      await Promise.all(Array.from({ length: count }, () => journal.append(reading(appended++))))
    }
    const until = (condition: () => void) => vi.waitFor(condition, { timeout: 60_000, interval: 20 })

    for (const fail of [() => wire.cut(), () => wire.muteAnswers(), () => wire.cut()]) {
      await append(4000)
      fail()
      await append(4000)
      await until(() => expect(service.status().state).toBe('waiting'))
      // How far it is behind is told about once a second.
      await until(() => expect(service.status().behind).toBeGreaterThan(0))
      wire.cut()
      wire.mend()
    }
    await until(() => expect(service.status()).toMatchObject({ state: 'ok', cursor: appended, behind: 0 }))
    expect(await service.count({ type: 'streetlight' })).toBe(appended)
    const points = await direct.query({
      device: 'lamp-7',
      type: 'streetlight',
      field: 'powerConsumption',
      from: T0,
      to: T0 + appended,
    })
    expect(points.map(({ value }) => value)).toEqual(
      Array.from({ length: appended / 20 }, (_, index) => index * 20 + 7),
    )
  })
}

describe('an outage of the history', () => {
  describeWith(requirements.influx2(), 'on InfluxDB 2', () => outageTests('LINLI_TEST_INFLUX'))
  describeWith(requirements.influx1(), 'on InfluxDB 1.8', () => outageTests('LINLI_TEST_INFLUX1'))
})
