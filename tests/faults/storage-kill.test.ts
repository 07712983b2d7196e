/** kill -9: what was acknowledged is stored exactly once, and a schema is the old or the new one. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { openJournalReader } from '../../storage/journal/reader.ts'
import { openSqliteRecords } from '../../storage/records/sqlite-records.ts'
import { anAlert } from '../contracts/records.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const child = (name: string) => join(import.meta.dirname, 'children', name)

/** Small and seeded, so that a failing run can be had again. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Appends from `first` on, kills after `acks` acknowledgements, and returns the acknowledged numbers. */
async function appendAndKill(path: string, first: number, acks: number): Promise<number[]> {
  const running = spawn(process.execPath, [child('append.ts'), path, String(first), '1000000', '200'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stored: number[] = []
  for await (const line of createInterface({ input: running.stdout })) {
    const number = /^stored (\d+)$/.exec(line)?.[1]
    if (number) stored.push(Number(number))
    else expect(line).toBe('opened')
    if (stored.length === acks) running.kill('SIGKILL')
  }
  return stored
}

for (const seed of [1, 2, 3])
  test(`acknowledged entries survive kills, exactly once (seed ${seed})`, async () => {
    const random = randomOf(seed)
    const path = join(temporaryFolder(), 'journal.db')
    const acknowledged: number[] = []
    for (let round = 0; round < 6; round++) {
      const acks = 1 + Math.floor(random() ** 2 * 20_000)
      acknowledged.push(...(await appendAndKill(path, round * 1_000_000, acks)))
    }
    const reader = openJournalReader(path)
    const entries = reader.read(0, Number.MAX_SAFE_INTEGER)
    reader.close()
    const numbers = entries.map((entry) => (entry.kind === 'tick' ? -1 : (entry.messageSeq ?? -1)))
    const kept = new Set(numbers)
    expect(kept.size).toBe(numbers.length)
    expect(acknowledged.filter((number) => !kept.has(number))).toEqual([])
    expect(entries.every((entry, i) => entry.seq === i + 1)).toBe(true)
  })

test('a kill in the middle of a migration leaves the old schema', async () => {
  const path = join(temporaryFolder(), 'records.db')
  const records = await openSqliteRecords(path)
  await records.alerts.put(anAlert('a'))
  await records.close()
  const before = tablesOf(path)
  const running = spawn(process.execPath, [child('half-migration.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(running.stdout, 'data')
  running.kill('SIGKILL')
  await once(running, 'exit')
  expect(tablesOf(path)).toEqual(before)
  const again = await openSqliteRecords(path)
  expect(await again.alerts.get('a')).toEqual(anAlert('a'))
  await again.close()
})

function tablesOf(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true })
  const rows = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).all()
  database.close()
  return rows.map((row) => String(row.name))
}
