import { describe, expect, test } from 'vitest'
import type { LinliError } from '../../model/errors.ts'
import { numbered, quarantineItem } from '../../tests/contracts/journal.ts'
import { createGroupCommit, type Group, type GroupCommitLimits, type Outcome } from './group-commit.ts'

/** A disk that completes a commit when `answer` is called. */
function fakeDisk(limits: Partial<GroupCommitLimits> = {}) {
  const groups: Group[] = []
  const answers: ((outcome: Outcome) => void)[] = []
  let committed = Promise.withResolvers<void>()
  const commit = createGroupCommit(
    (group) => {
      groups.push(group)
      committed.resolve()
      return new Promise((resolve) => answers.push(resolve))
    },
    { maxWaiting: 100, maxWaitingBytes: 1_000, maxGroup: 10, ...limits },
  )
  return {
    groups,
    commit,
    append: (number: number, line = 'x') => commit.append(numbered(number), line),
    /** Waits for a commit that is not completed yet, then completes it. */
    async answer(outcome: Outcome) {
      if (answers.length === 0) {
        committed = Promise.withResolvers()
        await committed.promise
      }
      answers.shift()?.(outcome)
    },
  }
}

const stored = (firstSeq: number): Outcome => ({ stored: true, firstSeq })
const settle = (promises: readonly Promise<unknown>[]) =>
  Promise.all(
    promises.map((promise) =>
      promise.then(
        (value) => value,
        (error) => error.code,
      ),
    ),
  )

describe('group commit', () => {
  test('entries of one event-loop turn are one group; entries during its commit are the next', async () => {
    const disk = fakeDisk()
    const first = [disk.append(1), disk.append(2)]
    await disk.answer(stored(1))
    const second = [disk.append(3), disk.append(4), disk.append(5)]
    expect(await settle(first)).toEqual([1, 2])
    await disk.answer(stored(3))
    expect(await settle(second)).toEqual([3, 4, 5])
    expect(disk.groups.map((group) => group.entries.length)).toEqual([2, 3])
  })

  test('a full group is followed by the next one', async () => {
    const disk = fakeDisk({ maxGroup: 2 })
    const all = [1, 2, 3, 4, 5].map((number) => disk.append(number))
    await disk.answer(stored(1))
    await disk.answer(stored(3))
    await disk.answer(stored(5))
    expect(await settle(all)).toEqual([1, 2, 3, 4, 5])
    expect(disk.groups.map((group) => group.entries.length)).toEqual([2, 2, 1])
  })

  test('entries beyond the limit are refused until a group is committed', async () => {
    const disk = fakeDisk({ maxWaiting: 2 })
    const accepted = [disk.append(1), disk.append(2)]
    await expect(disk.append(3)).rejects.toMatchObject({ code: 'JOURNAL_FULL' })
    expect(disk.commit.waiting()).toBe(2)
    await disk.answer(stored(1))
    expect(await settle(accepted)).toEqual([1, 2])
    const next = disk.append(4)
    await disk.answer(stored(3))
    expect(await next).toBe(3)
    expect(disk.commit.waiting()).toBe(0)
  })

  test('entries beyond the limit of bytes are refused; quarantined messages count', async () => {
    const disk = fakeDisk({ maxWaitingBytes: 10 })
    const accepted = [disk.append(1, 'x'.repeat(9)), disk.commit.quarantine(quarantineItem(1))]
    await expect(disk.append(2)).rejects.toMatchObject({ code: 'JOURNAL_FULL' })
    await disk.answer(stored(1))
    await settle(accepted)
    const next = disk.append(3)
    await disk.answer(stored(2))
    expect(await next).toBe(2)
  })

  test('refusals and failures settle the receipt', async () => {
    const disk = fakeDisk({ maxWaiting: 1 })
    const settled: unknown[] = []
    const receipt = {
      stored: (seq: number) => settled.push(seq),
      failed: ({ code }: LinliError) => settled.push(code),
    }
    disk.commit.submit(numbered(1), 'x', receipt)
    disk.commit.submit(numbered(2), 'x', receipt)
    expect(settled).toEqual(['JOURNAL_FULL'])
    await disk.answer({ stored: false, reason: 'full', final: false })
    await new Promise(setImmediate)
    disk.commit.submit(numbered(1), 'x', receipt)
    await disk.answer(stored(5))
    await new Promise(setImmediate)
    expect(settled).toEqual(['JOURNAL_FULL', 'JOURNAL_FAILED', 5])
  })

  test('a failed group fails alone', async () => {
    const disk = fakeDisk()
    const failed = [disk.append(1), disk.append(2)]
    await disk.answer({ stored: false, reason: 'full', final: false })
    expect(await settle(failed)).toEqual(['JOURNAL_FAILED', 'JOURNAL_FAILED'])
    const next = disk.append(3)
    await disk.answer(stored(1))
    expect(await next).toBe(1)
  })

  test('after a final failure all waiting and all later entries fail', async () => {
    const disk = fakeDisk({ maxGroup: 1 })
    const all = [disk.append(1), disk.append(2), disk.append(3)]
    await disk.answer({ stored: false, reason: 'fsync', final: true })
    expect(await settle(all)).toEqual(['JOURNAL_FAILED', 'JOURNAL_FAILED', 'JOURNAL_FAILED'])
    await expect(disk.append(4)).rejects.toMatchObject({ code: 'JOURNAL_FAILED', message: 'fsync' })
    expect(disk.groups).toHaveLength(1)
    await disk.commit.close()
  })

  test('entries and quarantined messages share a commit, and only entries are numbered', async () => {
    const disk = fakeDisk()
    const all = [disk.append(1), disk.commit.quarantine(quarantineItem(1)), disk.append(2)]
    await disk.answer(stored(7))
    expect(await settle(all)).toEqual([7, undefined, 8])
    expect(disk.groups[0]?.quarantine).toEqual([quarantineItem(1)])
  })

  test('close waits for accepted entries and refuses further ones', async () => {
    const disk = fakeDisk({ maxGroup: 1 })
    const order: string[] = []
    const all = [disk.append(1), disk.append(2)]
    for (const [i, one] of all.entries()) void one.then(() => order.push(`entry ${i + 1}`))
    const closed = disk.commit.close().then(() => order.push('closed'))
    await expect(disk.append(3)).rejects.toMatchObject({ code: 'JOURNAL_FAILED' })
    await disk.answer(stored(1))
    await disk.answer(stored(2))
    await closed
    expect(order).toEqual(['entry 1', 'entry 2', 'closed'])
  })
})
