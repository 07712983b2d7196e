/** The history contract, run by every engine; the InfluxDB ones need a server to talk to. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDuckDbHistory } from '../../storage/history/duckdb/open.ts'
import { historyContract } from './history.ts'

historyContract('DuckDB', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'linli-history-'))
  return {
    open: () => openDuckDbHistory({ path: join(folder, 'history.duckdb') }),
    dispose: async () => rmSync(folder, { recursive: true }),
  }
})
