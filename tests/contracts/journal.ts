/** What every journal must do; run by each engine. */
import { describe, expect, test } from 'vitest'
import type { DeviceEntry, Entry } from '../../model/entry.ts'
import type { Journal, QuarantineItem } from '../../model/ports/journal.ts'

export interface JournalEngine {
  /** A new, empty journal; closed by the test. */
  open(): Promise<Journal>
}

/** A reading that names its number, so that it is known again. */
export function numbered(number: number, patch: Partial<DeviceEntry> = {}): DeviceEntry {
  return {
    kind: 'telemetry',
    site: 'east',
    type: 'door',
    device: `door-${number % 7}`,
    receivedAt: 1_000 + number,
    ts: 900 + number,
    quality: 'live',
    messageSeq: number,
    values: { open: number % 2 === 0, batteryLevel: 0.5, note: '门开\n"\u2028\u0000' },
    ...patch,
  }
}

export function quarantineItem(number: number, device: string | null = 'door-1'): QuarantineItem {
  return {
    receivedAt: 1_000 + number,
    topic: `t/${number}`,
    device,
    reason: 'not JSON',
    payload: new Uint8Array([0, 255, number % 256]),
    size: 3,
  }
}

/** Numbers of entries made by `numbered`, in order. */
export function numbersOf(entries: readonly Entry[]): (number | undefined)[] {
  return entries.map((entry) => (entry.kind === 'tick' ? undefined : entry.messageSeq))
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
}

export function appendAll(journal: Journal, numbers: readonly number[]): Promise<number[]> {
  return Promise.all(numbers.map((number) => journal.append(numbered(number))))
}

export function journalContract(name: string, engine: JournalEngine): void {
  const withJournal = (work: (journal: Journal) => Promise<void>) => async () => {
    const journal = await engine.open()
    try {
      await work(journal)
    } finally {
      await journal.close()
    }
  }

  describe(`${name}: journal contract`, () => {
    test(
      'an empty journal has no entries and the seqs 0',
      withJournal(async (journal) => {
        expect([journal.firstSeq(), journal.lastSeq()]).toEqual([0, 0])
        expect(await journal.read(0, 10)).toEqual([])
        expect(await journal.quarantined({ limit: 10 })).toEqual([])
        expect(await journal.trim(10, Number.MAX_SAFE_INTEGER)).toBe(0)
      }),
    )

    test(
      'entries get 1, 2, 3 … in the order of the calls',
      withJournal(async (journal) => {
        expect(await appendAll(journal, range(1, 50))).toEqual(range(1, 50))
        expect(await appendAll(journal, range(51, 60))).toEqual(range(51, 60))
        expect([journal.firstSeq(), journal.lastSeq()]).toEqual([1, 60])
        expect(numbersOf(await journal.read(0, 100))).toEqual(range(1, 60))
      }),
    )

    test(
      'what is read is what was appended, with its seq',
      withJournal(async (journal) => {
        const entries: Entry[] = [
          numbered(1),
          { kind: 'tick', receivedAt: 1_002 },
          numbered(3, { kind: 'event', messageSeq: undefined, values: { type: 'sos', list: ['a', 'b'] } }),
          numbered(4, { quality: 'future', ts: 4_294_967_295_000, values: {} }),
        ]
        for (const entry of entries) await journal.append(entry)
        expect(await journal.read(0, 10)).toEqual(entries.map((entry, i) => ({ ...entry, seq: i + 1 })))
      }),
    )

    test(
      'read starts after a seq and stops at the limit',
      withJournal(async (journal) => {
        await appendAll(journal, range(1, 30))
        expect(numbersOf(await journal.read(10, 5))).toEqual(range(11, 15))
        expect(numbersOf(await journal.read(28, 5))).toEqual([29, 30])
        expect(await journal.read(30, 5)).toEqual([])
        expect(await journal.read(99, 5)).toEqual([])
        expect(await journal.read(0, 0)).toEqual([])
      }),
    )

    test(
      'an appended entry can be read at once',
      withJournal(async (journal) => {
        for (const number of range(1, 5)) {
          const seq = await journal.append(numbered(number))
          expect(journal.lastSeq()).toBeGreaterThanOrEqual(seq)
          expect(numbersOf(await journal.read(seq - 1, 1))).toEqual([number])
        }
      }),
    )

    test(
      'receipts are told in the order of the calls, of entries that can be read by then',
      withJournal(async (journal) => {
        const told: number[] = []
        const all = Promise.withResolvers<void>()
        for (const number of range(1, 20)) {
          journal.submit(numbered(number), {
            stored() {
              told.push(number)
              expect(journal.lastSeq()).toBeGreaterThanOrEqual(number)
              if (number === 20) all.resolve()
            },
            failed: all.reject,
          })
        }
        await all.promise
        expect(told).toEqual(range(1, 20))
        expect(numbersOf(await journal.read(0, 100))).toEqual(range(1, 20))
      }),
    )

    test(
      'listeners are called after entries became durable, until cancelled',
      withJournal(async (journal) => {
        const seen: number[] = []
        const cancel = journal.onAppend(() => seen.push(journal.lastSeq()))
        await journal.append(numbered(1))
        await journal.append(numbered(2))
        cancel()
        await journal.append(numbered(3))
        expect(seen).toEqual([1, 2])
      }),
    )

    test(
      'trim forgets the oldest only, and says how many',
      withJournal(async (journal) => {
        for (const number of range(1, 20)) await journal.append(numbered(number))
        expect(await journal.trim(12, 1_009)).toBe(8)
        expect([journal.firstSeq(), journal.lastSeq()]).toEqual([9, 20])
        expect(await journal.trim(12, Number.MAX_SAFE_INTEGER)).toBe(4)
        expect([journal.firstSeq(), journal.lastSeq()]).toEqual([13, 20])
        expect(numbersOf(await journal.read(0, 100))).toEqual(range(13, 20))
        expect(numbersOf(await journal.read(5, 2))).toEqual([13, 14])
        expect(await journal.append(numbered(21))).toBe(21)
      }),
    )

    test(
      'quarantined items come back newest first, of one device when named',
      withJournal(async (journal) => {
        for (const number of range(1, 4)) await journal.quarantine(quarantineItem(number, `d${number % 2}`))
        await journal.quarantine(quarantineItem(5, null))
        const all = await journal.quarantined({ limit: 3 })
        expect(all.map((item) => item.topic)).toEqual(['t/5', 't/4', 't/3'])
        expect(all[0]).toEqual(quarantineItem(5, null))
        const one = await journal.quarantined({ device: 'd1', limit: 10 })
        expect(one.map((item) => item.topic)).toEqual(['t/3', 't/1'])
        expect(journal.lastSeq()).toBe(0)
      }),
    )
  })
}
