/** The hub is killed while it stores, again and again: in the end every reading is in the history exactly once. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDuckDbHistory } from '../../storage/history/duckdb/open.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { expectEveryReadingOnce, fillJournal, startHistory } from './history-process.ts'

const READINGS = 200_000

test('the embedded history survives kill -9 at any moment', async () => {
  const folder = temporaryFolder()
  await fillJournal(folder, READINGS)
  let place = 0
  let early = 0
  // Each run is killed a little later after its first write than the one before, at another point of its work.
  for (let run = 0; run < 8 && place < READINGS; run++) {
    const child = startHistory(folder)
    const from = place
    const { cursor } = await child.until('a write', (status) => status.cursor > from)
    await new Promise((resolve) => setTimeout(resolve, run * 13))
    await child.kill()
    place = cursor
    if (cursor < READINGS) early++
  }
  expect(early).toBeGreaterThan(0)
  const last = startHistory(folder)
  await last.until('everything stored', ({ cursor }) => cursor === READINGS)
  await last.kill()
  await expectEveryReadingOnce(folder, READINGS)
})

test('a second process is refused the file', async () => {
  const folder = temporaryFolder()
  await fillJournal(folder, 5000)
  const child = startHistory(folder)
  await child.until('everything stored', ({ cursor }) => cursor === 5000)
  await expect(openDuckDbHistory({ path: join(folder, 'history.duckdb') })).rejects.toMatchObject({
    code: 'DATA_DIR_IN_USE',
  })
  await child.kill()
  await expectEveryReadingOnce(folder, 5000)
})
