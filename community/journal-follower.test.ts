import { describe, expect, test } from 'vitest'
import type { Entry } from '../model/entry.ts'
import { memoryJournal } from '../tests/support/memory-journal.ts'
import { createJournalTail } from './journal-follower.ts'

const tick: Entry = { kind: 'tick', receivedAt: 1 }

async function filled(count: number) {
  const journal = memoryJournal()
  await Promise.all(Array.from({ length: count }, () => journal.append(tick)))
  return journal
}

describe('journal tail', () => {
  test('applies every entry once, in order, however often it is asked', async () => {
    const journal = await filled(5000)
    const seqs: number[] = []
    const tail = createJournalTail({
      journal,
      apply: ({ seq }) => seqs.push(seq),
      onFailure: (error) => expect(error).toBeUndefined(),
    })
    tail.continueAfter(100)
    await Promise.all([tail.read(), tail.read()])
    await journal.append(tick)
    await tail.read()
    expect(seqs).toEqual(Array.from({ length: 4901 }, (_, index) => index + 101))
    expect([tail.position(), tail.behind()]).toEqual([5001, 0])
  })

  test('gives the thread to others while it catches up', async () => {
    const journal = await filled(10_000)
    const tail = createJournalTail({ journal, apply: () => {}, onFailure: () => {} })
    const reading = tail.read()
    const seen = await new Promise<number>((resolve) => {
      setImmediate(() => resolve(tail.position()))
    })
    expect(seen).toBeLessThan(10_000)
    await reading
    expect(tail.position()).toBe(10_000)
  })

  test('an entry that comes while the reading ends is not left over', async () => {
    const journal = await filled(1)
    const tail = createJournalTail({ journal, apply: () => {}, onFailure: () => {} })
    for (let n = 0; n < 20; n++) {
      const reading = tail.read()
      for (let step = 0; step < n; step++) await Promise.resolve()
      await journal.append(tick)
      await tail.read()
      await reading
      await tail.read()
      expect(tail.behind()).toBe(0)
    }
  })

  test('stop lets the reading under way end early', async () => {
    const journal = await filled(10_000)
    const tail = createJournalTail({ journal, apply: () => {}, onFailure: () => {} })
    void tail.read()
    await tail.stop()
    expect(tail.position()).toBeLessThan(10_000)
    await tail.read()
    expect(tail.behind()).toBeGreaterThan(0)
  })
})
