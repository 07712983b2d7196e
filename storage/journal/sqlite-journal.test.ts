import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry, Journaled } from '../../model/entry.ts'
import type { Journal } from '../../model/ports/journal.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import { appendAll, numbered, numbersOf, quarantineItem, range } from '../../tests/contracts/journal.ts'
import { temporaryFolder } from '../../tests/support/temporary-folder.ts'
import { openJournalReader } from './reader.ts'
import { openSqliteJournal, type SqliteJournalOptions } from './sqlite-journal.ts'

const deps = { logger: silentLogger, metrics: noMetrics }
const newPath = () => join(temporaryFolder(), 'journal.db')
const open = (options: SqliteJournalOptions) => openSqliteJournal(options, deps)

async function openFor(options: SqliteJournalOptions, work: (journal: Journal) => Promise<void>) {
  const journal = await open(options)
  try {
    await work(journal)
  } finally {
    await journal.close()
  }
}

describe('after a restart', () => {
  test('entries, quarantine and numbers are the same', async () => {
    const path = newPath()
    await openFor({ path }, async (journal) => {
      await appendAll(journal, range(1, 40))
      await journal.quarantine(quarantineItem(1))
    })
    await openFor({ path }, async (journal) => {
      expect([journal.firstSeq(), journal.lastSeq()]).toEqual([1, 40])
      expect(numbersOf(await journal.read(0, 100))).toEqual(range(1, 40))
      expect(await journal.quarantined({ limit: 5 })).toEqual([quarantineItem(1)])
      expect(await journal.append(numbered(41))).toBe(41)
      expect(numbersOf(await journal.read(38, 10))).toEqual([39, 40, 41])
    })
  })

  test('numbers of trimmed entries are never reused', async () => {
    const path = newPath()
    await openFor({ path }, async (journal) => {
      await appendAll(journal, range(1, 5))
      expect(await journal.trim(5, Number.MAX_SAFE_INTEGER)).toBe(5)
      expect([journal.firstSeq(), journal.lastSeq()]).toEqual([0, 5])
      expect(await journal.read(0, 10)).toEqual([])
    })
    await openFor({ path }, async (journal) => {
      expect([journal.firstSeq(), journal.lastSeq()]).toEqual([0, 5])
      expect(await journal.append(numbered(6))).toBe(6)
      expect([journal.firstSeq(), journal.lastSeq()]).toEqual([6, 6])
    })
  })

  test('close stores accepted entries', async () => {
    const path = newPath()
    const journal = await open({ path, maxGroup: 7 })
    const seqs = appendAll(journal, range(1, 100))
    await journal.close()
    expect(await seqs).toEqual(range(1, 100))
    await expect(journal.append(numbered(101))).rejects.toMatchObject({ code: 'JOURNAL_FAILED' })
    await openFor({ path }, async (again) => {
      expect(numbersOf(await again.read(0, 1_000))).toEqual(range(1, 100))
    })
  })
})

describe('a file at its size limit', () => {
  test('refuses entries without storing them, and accepts again after a trim', async () => {
    const path = newPath()
    const note = 'x'.repeat(5_000)
    const append = (journal: Journal, number: number) =>
      journal.append(numbered(number, { values: { note } })).then(
        () => number,
        (error) => error.code as string,
      )
    await openFor({ path, maxBytes: 256 * 1024 }, async (journal) => {
      const outcomes: (number | string)[] = []
      for (let number = 1; outcomes.at(-1) !== 'JOURNAL_FAILED' && number < 1_000; number++)
        outcomes.push(await append(journal, number))
      const accepted = outcomes.length - 1
      expect(outcomes).toEqual([...range(1, accepted), 'JOURNAL_FAILED'])
      expect(accepted).toBeGreaterThan(10)
      expect(journal.lastSeq()).toBe(accepted)

      expect(await journal.trim(10, Number.MAX_SAFE_INTEGER)).toBe(10)
      expect(await append(journal, 1_000)).toBe(1_000)
      expect(numbersOf(await journal.read(0, 1_000))).toEqual([...range(11, accepted), 1_000])
    })
    await openFor({ path }, async (journal) => {
      expect(numbersOf(await journal.read(journal.lastSeq() - 1, 5))).toEqual([1_000])
    })
  })
})

describe('quarantine', () => {
  test('keeps only the newest messages', async () => {
    await openFor({ path: newPath(), maxQuarantined: 10 }, async (journal) => {
      await Promise.all(range(1, 25).map((number) => journal.quarantine(quarantineItem(number))))
      await journal.quarantine(quarantineItem(26))
      const topics = (await journal.quarantined({ limit: 100 })).map((item) => item.topic)
      expect(topics).toEqual(
        range(17, 26)
          .map((number) => `t/${number}`)
          .reverse(),
      )
    })
  })

  test('cuts payloads at 4 KiB and keeps the original size', async () => {
    await openFor({ path: newPath() }, async (journal) => {
      const payload = new Uint8Array(10_000).fill(7)
      await journal.quarantine({ ...quarantineItem(1), payload, size: payload.length })
      const [item] = await journal.quarantined({ limit: 1 })
      expect(item?.payload).toEqual(payload.subarray(0, 4_096))
      expect(item?.size).toBe(10_000)
    })
  })
})

test('a separate reader sees durable entries at once', async () => {
  const path = newPath()
  await openFor({ path, maxGroup: 10 }, async (journal) => {
    const reader = openJournalReader(path)
    try {
      let seen = 0
      for (const round of range(0, 9)) {
        await appendAll(journal, range(round * 25 + 1, round * 25 + 25))
        expect(reader.lastSeq()).toBe(journal.lastSeq())
        const page = reader.read(seen, 1_000)
        expect(numbersOf(page)).toEqual(range(seen + 1, round * 25 + 25))
        seen = page.at(-1)?.seq ?? seen
      }
    } finally {
      reader.close()
    }
  })
})

test('a separate reader continues at the oldest entry after a trim', async () => {
  const path = newPath()
  await openFor({ path, maxGroup: 10 }, async (journal) => {
    await appendAll(journal, range(1, 100))
    const reader = openJournalReader(path)
    try {
      expect(numbersOf(reader.read(0, 5))).toEqual(range(1, 5))
      await journal.trim(55, Number.MAX_SAFE_INTEGER)
      expect(numbersOf(reader.read(20, 3))).toEqual([51, 52, 53])
      expect([reader.firstSeq(), reader.lastSeq()]).toEqual([51, 100])
    } finally {
      reader.close()
    }
  })
})

test('the write-ahead log is checkpointed while the hub runs', async () => {
  const path = newPath()
  const note = 'x'.repeat(100_000)
  await openFor({ path }, async (journal) => {
    for (let i = 1; i <= 400; i++) await journal.append(numbered(i, { values: { note } }))
    const beside = new DatabaseSync(path, { readOnly: true })
    const row = beside.prepare('PRAGMA wal_checkpoint(NOOP)').get()
    beside.close()
    // Frames of 8 KiB: of 40 MB written, at most one checkpoint interval of 16 MiB and one commit may be in the log.
    expect(Number(row?.log)).toBeLessThan(3_000)
  })
})

test('the gauges report waiting messages and the newest entry', async () => {
  const gauges = new Map<string, () => number>()
  const gauge = (name: string, _help: string, read: () => number) => void gauges.set(name, read)
  const journal = await openSqliteJournal({ path: newPath() }, { ...deps, metrics: { ...noMetrics, gauge } })
  const values = () => ['linli_journal_waiting', 'linli_journal_last_seq'].map((name) => gauges.get(name)?.())
  const seq = journal.append(numbered(1))
  expect(values()).toEqual([1, 0])
  await seq
  expect(values()).toEqual([0, 1])
  await journal.close()
})

type Step =
  | { readonly do: 'append'; readonly count: number }
  | { readonly do: 'read'; readonly after: number; readonly limit: number }
  | { readonly do: 'trim'; readonly upTo: number; readonly before: number }
  | { readonly do: 'reopen' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 9 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('read' as const), after: fc.nat(70), limit: fc.nat(20) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('trim' as const), upTo: fc.nat(70), before: fc.nat(70) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
)

/** Reference model; a trim deletes whole groups only, so the new start is read from the journal. */
interface Model {
  entries: Journaled[]
  last: number
}

async function appendStep(journal: Journal, model: Model, count: number): Promise<void> {
  const entries: Entry[] = range(model.last + 1, model.last + count).map((number) => numbered(number))
  const seqs = await Promise.all(entries.map((entry) => journal.append(entry)))
  expect(seqs).toEqual(range(model.last + 1, model.last + count))
  model.entries.push(...entries.map((entry, i) => ({ ...entry, seq: model.last + 1 + i })))
  model.last += count
}

async function trimStep(journal: Journal, model: Model, upTo: number, receivedBefore: number) {
  const before = model.entries.length
  const deleted = await journal.trim(upTo, receivedBefore)
  const first = journal.firstSeq() || Number.POSITIVE_INFINITY
  const gone = model.entries.filter((entry) => entry.seq < first)
  expect(gone.every((entry) => entry.seq <= upTo && entry.receivedAt < receivedBefore)).toBe(true)
  model.entries = model.entries.filter((entry) => entry.seq >= first)
  expect(before - model.entries.length).toBe(deleted)
}

test('behaves like a list for any appends, reads, trims and restarts', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.integer({ min: 1, max: 12 }),
      async (steps, ring) => {
        const options = { path: newPath(), ring, maxGroup: 4 }
        const model: Model = { entries: [], last: 0 }
        let journal = await open(options)
        try {
          for (const one of steps) {
            if (one.do === 'append') await appendStep(journal, model, one.count)
            else if (one.do === 'trim') await trimStep(journal, model, one.upTo, 1_000 + one.before)
            else if (one.do === 'read') {
              const wanted = model.entries.filter((entry) => entry.seq > one.after).slice(0, one.limit)
              expect(await journal.read(one.after, one.limit)).toEqual(wanted)
            } else {
              await journal.close()
              journal = await open(options)
            }
            expect(journal.lastSeq()).toBe(model.last)
            expect(journal.firstSeq()).toBe(model.entries[0]?.seq ?? 0)
          }
        } finally {
          await journal.close()
        }
      },
    ),
    { numRuns: 25 },
  )
})
