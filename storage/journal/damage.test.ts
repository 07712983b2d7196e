/** A damaged journal is reported, never replaced by an empty one. */
import { copyFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import { appendAll, range } from '../../tests/contracts/journal.ts'
import { temporaryFolder } from '../../tests/support/temporary-folder.ts'
import { openSqliteJournal } from './sqlite-journal.ts'

const deps = { logger: silentLogger, metrics: noMetrics }
const open = (path: string) => openSqliteJournal({ path, maxGroup: 50 }, deps)

/** A journal of 3,000 entries, closed. */
async function createJournal(): Promise<string> {
  const path = join(temporaryFolder(), 'journal.db')
  const journal = await open(path)
  await appendAll(journal, range(1, 3_000))
  await journal.close()
  return path
}

function changeBytes(path: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path)
  change(bytes)
  writeFileSync(path, bytes)
}

function changeRows(path: string, sql: string): void {
  const database = new DatabaseSync(path)
  database.exec(sql)
  database.close()
}

const damages: Readonly<Record<string, (path: string) => void>> = {
  'cut to nothing': (path) => truncateSync(path, 0),
  'cut in the middle': (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2)),
  'cut by one page': (path) => truncateSync(path, readFileSync(path).length - 8_192),
  'another file': (path) => writeFileSync(path, 'something else\n'.repeat(1_000)),
  'a first page of zeros': (path) => changeBytes(path, (bytes) => bytes.fill(0, 0, 8_192)),
  'a page of rubbish': (path) => changeBytes(path, (bytes) => bytes.fill(0xa5, 8_192, 16_384)),
  'a database of another program': (path) => changeRows(path, 'PRAGMA application_id = 7'),
  'a format of another version': (path) =>
    changeRows(path, `UPDATE marks SET value = 2 WHERE name = 'format'`),
  'one flipped bit in an entry': (path) =>
    changeBytes(path, (bytes) => {
      const at = bytes.lastIndexOf('"battery')
      bytes[at + 1] = (bytes[at + 1] ?? 0) ^ 1
    }),
  'a lost group': (path) => changeRows(path, 'DELETE FROM groups WHERE first_seq = 2451'),
  'only its log left': (path) => {
    copyFileSync(path, `${path}-wal`)
    rmSync(path)
  },
}

describe('opening a damaged journal', () => {
  for (const [name, damage] of Object.entries(damages))
    test(name, async () => {
      const path = await createJournal()
      damage(path)
      const before = existsSync(path) ? readFileSync(path) : undefined
      await expect(open(path)).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' })
      expect(existsSync(path) ? readFileSync(path) : undefined).toEqual(before)
    })

  test('damage in an old group is found when it is read; other groups are readable', async () => {
    const path = await createJournal()
    changeRows(path, `UPDATE groups SET lines = replace(lines, 'door', 'doar') WHERE first_seq = 101`)
    const journal = await open(path)
    await expect(journal.read(100, 10)).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' })
    expect(await journal.read(150, 10)).toHaveLength(10)
    await journal.close()
  })
})
