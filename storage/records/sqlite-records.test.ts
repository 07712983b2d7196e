import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { describe, expect, test } from 'vitest'
import { aChange, anAlert } from '../../tests/contracts/records.ts'
import { temporaryFolder } from '../../tests/support/temporary-folder.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/table.ts'
import { createRecords } from './records.ts'
import { openRecordsThread, sqliteDialect } from './sqlite.ts'
import { openSqliteRecords, resetRecordsEpoch } from './sqlite-records.ts'
import type { Tables } from './tables.ts'

const newPath = () => join(temporaryFolder(), 'records.db')

/** Records with 200 alerts and one change, closed. */
async function createdRecords(): Promise<string> {
  const path = newPath()
  const records = await openSqliteRecords(path)
  await records.changes.append(aChange(anAlert('a')))
  for (let i = 0; i < 200; i++) await records.alerts.put(anAlert(`a${i}`))
  await records.close()
  return path
}

function changeRows(path: string, sql: string): void {
  const database = new DatabaseSync(path)
  database.exec(sql)
  database.close()
}

function tablesOf(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true })
  const rows = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).all()
  database.close()
  return rows.map((row) => String(row.name))
}

test('keeps everything over a restart and continues the change log', async () => {
  const path = newPath()
  const first = await openSqliteRecords(path)
  await first.alerts.put(anAlert('a'))
  await first.changes.append(aChange(anAlert('a')))
  const head = await first.changes.head()
  await first.close()
  const second = await openSqliteRecords(path)
  expect(await second.alerts.get('a')).toEqual(anAlert('a'))
  expect(await second.changes.head()).toEqual(head)
  expect((await second.changes.append(aChange(anAlert('b')))).seq).toBe(2)
  await second.close()
})

test('a new epoch invalidates cursors; numbers continue', async () => {
  const path = await createdRecords()
  const before = await resetRecordsEpoch(path)
  const after = await resetRecordsEpoch(path)
  expect(after.seq).toBe(1)
  expect(after.epoch).not.toBe(before.epoch)
  const records = await openSqliteRecords(path)
  expect(await records.changes.head()).toEqual(after)
  await records.close()
})

describe('damaged records are reported, never replaced by empty ones', () => {
  const damages: Readonly<Record<string, (path: string) => void>> = {
    'cut to nothing': (path) => truncateSync(path, 0),
    'cut by one page': (path) => truncateSync(path, readFileSync(path).length - 4_096),
    'another file': (path) => writeFileSync(path, 'something else\n'.repeat(1_000)),
    'pages of rubbish': (path) => {
      const bytes = readFileSync(path)
      writeFileSync(path, bytes.fill(0xa5, 4_096, 40_960))
    },
    'a database of another program': (path) => changeRows(path, 'PRAGMA application_id = 7'),
  }
  for (const [name, damage] of Object.entries(damages))
    test(name, async () => {
      const path = await createdRecords()
      damage(path)
      await expect(openSqliteRecords(path)).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' })
    })
})

test('a full disk fails the whole transaction, and later ones work', async () => {
  const thread = await openRecordsThread(newPath(), 200)
  const db = new Kysely<Tables>({ dialect: sqliteDialect(thread) })
  await migrate(db, migrations)
  const records = createRecords(db)
  const big = 'x'.repeat(1_000_000)
  const tooMuch = records.transaction(async (tx) => {
    await tx.cursors.set('rules', 5)
    await tx.changes.append(aChange(anAlert('a')))
    await tx.ruleState.save(new Map([['big', big]]))
  })
  await expect(tooMuch).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
  expect(await records.cursors.get('rules')).toBe(0)
  await records.transaction(async (tx) => {
    await tx.cursors.set('rules', 6)
    expect((await tx.changes.append(aChange(anAlert('a')))).seq).toBe(1)
  })
  expect(await records.cursors.get('rules')).toBe(6)
  await records.close()
})

describe('migrations', () => {
  const failing: Readonly<Record<string, Migration>> = {
    ...migrations,
    '0002-half': {
      async up(db) {
        await db.schema.createTable('half').addColumn('id', 'integer').execute()
        await db.schema.dropTable('alerts').execute()
        throw new Error('the disk is full')
      },
    },
  }

  test('a failed migration leaves the schema unchanged', async () => {
    const path = await createdRecords()
    const before = tablesOf(path)
    const db = new Kysely({ dialect: sqliteDialect(await openRecordsThread(path)) })
    await expect(migrate(db, failing)).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    await db.destroy()
    expect(tablesOf(path)).toEqual(before)
    const records = await openSqliteRecords(path)
    expect(await records.alerts.open()).toHaveLength(200)
    await records.close()
  })

  test('records of a newer version are refused', async () => {
    const path = await createdRecords()
    changeRows(path, `INSERT INTO migrations VALUES ('0999-future', '2099-01-01')`)
    await expect(openSqliteRecords(path)).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      message: expect.stringContaining('0999-future'),
    })
  })
})
