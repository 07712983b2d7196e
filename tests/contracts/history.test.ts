/** The history contract, run by every engine; the InfluxDB ones need a server to talk to. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDuckDbHistory } from '../../storage/history/duckdb/open.ts'
import { createInfluxClient } from '../../storage/history/influx/client.ts'
import { openInfluxHistory } from '../../storage/history/influx/open.ts'
import { describeWith, requirements } from '../support/requires.ts'
import { historyContract, reading } from './history.ts'

const T0 = 1_772_323_200_000

historyContract('DuckDB', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'linli-history-'))
  return {
    open: () => openDuckDbHistory({ path: join(folder, 'history.duckdb') }),
    dispose: async () => rmSync(folder, { recursive: true }),
  }
})

describeWith(requirements.influx2(), 'InfluxDB 2', () => influxTests('InfluxDB 2', 'LINLI_TEST_INFLUX'))
describeWith(requirements.influx1(), 'InfluxDB 1.8', () => influxTests('InfluxDB 1.8', 'LINLI_TEST_INFLUX1'))

function influxTests(name: string, variable: string): void {
  historyContract(name, async () => {
    const options = influxOptions(variable)
    return { open: async () => openInfluxHistory(options), dispose: async () => {} }
  })

  test('a point that the server refuses costs only itself', async () => {
    const options = influxOptions(variable)
    const history = openInfluxHistory(options)
    onTestFinished(() => history.close())
    const server = createInfluxClient({ ...options, timeoutMs: 10_000, gzip: false })
    onTestFinished(() => server.close())
    // Somebody else has written the same field as text, so numbers do not fit into it any more.
    await server.write([`${options.prefix}elevator,device=other carLoad="full" ${T0 * 1e6}`])
    const entries = Array.from({ length: 100 }, (_, index) =>
      reading(index + 1, T0 + index, index % 40 === 13 ? { carLoad: index } : { carSpeed: index }),
    )
    expect(await history.write(entries, 100)).toEqual({ refused: 3 })
    expect(await history.cursor()).toBe(100)
    expect(await history.count({ type: 'elevator', device: 'lift-1' })).toBe(97)
  })
}

/** Measurements of its own in a bucket that other runs use too. */
function influxOptions(variable: string) {
  const setting = (name: string): string => process.env[`${variable}_${name}`] ?? ''
  return {
    url: setting('URL'),
    org: setting('ORG'),
    bucket: setting('BUCKET'),
    token: setting('TOKEN'),
    prefix: `test_${randomUUID().slice(0, 8)}_`,
  }
}
