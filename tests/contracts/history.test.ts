/** The history contract, run by every engine; the InfluxDB ones need a server to talk to. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDuckDbHistory } from '../../storage/history/duckdb/open.ts'
import { openInfluxHistory } from '../../storage/history/influx/open.ts'
import { describeWith, requirements } from '../support/requires.ts'
import { type HistoryPlace, historyContract } from './history.ts'

historyContract('DuckDB', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'linli-history-'))
  return {
    open: () => openDuckDbHistory({ path: join(folder, 'history.duckdb') }),
    dispose: async () => rmSync(folder, { recursive: true }),
  }
})

describeWith(requirements.influx2(), 'InfluxDB 2', () => {
  historyContract('InfluxDB 2', () => influxPlace('LINLI_TEST_INFLUX'))
})

describeWith(requirements.influx1(), 'InfluxDB 1.8', () => {
  historyContract('InfluxDB 1.8', () => influxPlace('LINLI_TEST_INFLUX1'))
})

/** Measurements of its own in a bucket that other runs use too. */
async function influxPlace(variable: string): Promise<HistoryPlace> {
  const setting = (name: string): string => process.env[`${variable}_${name}`] ?? ''
  const options = {
    url: setting('URL'),
    org: setting('ORG'),
    bucket: setting('BUCKET'),
    token: setting('TOKEN'),
    prefix: `test_${randomUUID().slice(0, 8)}_`,
  }
  return { open: async () => openInfluxHistory(options), dispose: async () => {} }
}
