import { join } from 'node:path'
import { expect, test } from 'vitest'
import { deviceTypes } from '../../../model/devices/table.ts'
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts'
import type { Database } from './database.ts'
import { openSharedDatabase } from './shared-database.ts'
import { readState, writeState } from './state.ts'

/** Causes the fatal error of a disk that fails during a checkpoint. */
async function breakDatabase({ writer }: Database): Promise<void> {
  await writer.run("SET debug_checkpoint_abort = 'before_header'")
  await writeState(writer, 'cursor', 7)
  await writer.run('CHECKPOINT')
}

test('a database is opened again after a fatal error, with all that was committed', async () => {
  const path = join(temporaryFolder(), 'history.duckdb')
  const database = await openSharedDatabase({ path, threads: 1, memoryMb: 64, types: deviceTypes })
  const query = database.use(async ({ reader }) => {
    await reader.run('SELECT count(*) FROM range(10_000_000)')
    return 'answered'
  })
  await expect(database.use(breakDatabase)).rejects.toMatchObject({ code: 'HISTORY_UNAVAILABLE' })
  const cursors = await Promise.all(
    [1, 2, 3].map(() => database.use(async ({ reader }) => (await readState(reader)).cursor)),
  )
  expect(cursors).toEqual([7, 7, 7])
  await query.catch(() => {})
  await database.close()
})
