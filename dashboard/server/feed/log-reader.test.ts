import { expect, test } from 'vitest'
import type { Change } from '../../../model/change.ts'
import { silentLogger } from '../../../model/ports/logger.ts'
import type { Records } from '../../../model/ports/records.ts'
import { memoryRecords } from '../../../tests/support/memory-records.ts'
import { until } from '../../../tests/support/until.ts'
import { createLogReader } from './log-reader.ts'

const change = {
  at: 1,
  entity: 'case',
  action: 'opened',
  actor: 'test',
  note: null,
  after: { id: 'c' } as never,
} as const

async function append(records: Records, times: number): Promise<void> {
  await records.transaction(async (tx) => {
    for (let n = 0; n < times; n++) await tx.changes.append(change)
  })
}

test('emits every change after its start once, in order, despite repeated signals and failing reads', async () => {
  const records = memoryRecords()
  let failures = 0
  const shaky: Records = {
    ...records,
    changes: {
      ...records.changes,
      after: async (seq, limit) => {
        if (failures-- > 0) throw new Error('disk')
        return records.changes.after(seq, limit)
      },
    },
  }
  await append(records, 3)
  const seen: Change[] = []
  const reader = createLogReader({
    records: shaky,
    logger: silentLogger,
    onChanges: (changes) => {
      seen.push(...changes)
      expect(reader.position()).toBe(seen.at(-1)?.seq)
    },
  })
  reader.signal()
  await reader.start()
  expect(reader.position()).toBe(3)

  await append(records, 1200)
  for (let n = 0; n < 5; n++) reader.signal()
  await until('the first thousand', () => seen.length === 1200)

  failures = 2
  await append(records, 10)
  await until('the rest', () => {
    reader.signal()
    return seen.length === 1210
  })
  expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: 1210 }, (_, n) => n + 4))

  await reader.stop()
  await append(records, 1)
  reader.signal()
  await reader.stop()
  expect(seen).toHaveLength(1210)
})
