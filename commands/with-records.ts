/** Access of commands to the records store. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../app/config.ts'
import type { Records } from '../model/ports/records.ts'
import { openSqliteRecords } from '../storage/records/sqlite-records.ts'

/** Opens the records, also while a hub is running (SQLite serialises access), and closes them afterwards. */
export async function withRecords<T>(config: Config, work: (records: Records) => Promise<T>): Promise<T> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const records = await openSqliteRecords(join(config.dataDir, 'records.db'))
  try {
    return await work(records)
  } finally {
    await records.close()
  }
}
