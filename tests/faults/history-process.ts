/** An embedded history in a process of its own over a filled journal, and the check that it has every reading once. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished } from 'vitest'
import type { DeviceEntry } from '../../model/entry.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import { openDuckDbHistory } from '../../storage/history/duckdb/open.ts'
import type { PumpStatus } from '../../storage/history/pump.ts'
import { openSqliteJournal } from '../../storage/journal/sqlite-journal.ts'
import { until } from '../support/until.ts'

const DEVICES = 50
const T0 = 1_772_323_200_000

const reading = (n: number): DeviceEntry => ({
  kind: 'telemetry',
  site: 'north',
  type: n % 2 ? 'bin' : 'streetlight',
  device: `device-${n % DEVICES}`,
  receivedAt: T0 + n,
  ts: T0 + n,
  quality: 'live',
  values: { temperature: n % 60 },
})

/** `readings` is a multiple of 5,000. */
export async function fillJournal(folder: string, readings: number): Promise<void> {
  const quiet = { logger: silentLogger, metrics: noMetrics }
  const journal = await openSqliteJournal({ path: join(folder, 'journal.db') }, quiet)
  for (let start = 0; start < readings; start += 5000)
    await Promise.all(Array.from({ length: 5000 }, (_, n) => journal.append(reading(start + n))))
  await journal.close()
}

export interface HistoryProcess {
  readonly pid: number
  /** What it last said; undefined at first. */
  status(): PumpStatus | undefined
  /** Resolves with the first status that is as wished. */
  until(what: string, wished: (status: PumpStatus) => boolean): Promise<PumpStatus>
  kill(): Promise<void>
}

export function startHistory(folder: string): HistoryProcess {
  const script = join(import.meta.dirname, 'children', 'carry-history.ts')
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  let last: PumpStatus | undefined
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = JSON.parse(line)
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return {
    pid: child.pid ?? 0,
    status: () => last,
    until: (what, wished) =>
      until(what, () => (last && wished(last) ? last : alive(child)), 60_000) as Promise<PumpStatus>,
    async kill() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

function alive(child: ChildProcess): undefined {
  if (child.exitCode !== null) throw new Error(`the history process ended with ${child.exitCode}`)
}

export async function expectEveryReadingOnce(folder: string, readings: number): Promise<void> {
  const history = await openDuckDbHistory({ path: join(folder, 'history.duckdb') })
  try {
    expect(await history.cursor()).toBe(readings)
    for (let n = 0; n < DEVICES; n++) {
      const { device, type } = reading(n)
      const span = { from: T0, to: T0 + readings, limit: readings }
      const points = await history.query({ device, type, field: 'temperature', ...span })
      const expected = Array.from({ length: readings / DEVICES }, (_, index) => T0 + n + index * DEVICES)
      expect(points.map(({ at }) => at)).toEqual(expected)
    }
  } finally {
    await history.close()
  }
}
