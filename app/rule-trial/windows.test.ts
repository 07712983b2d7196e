/** Which journal entries a trial reads, and the history values for the time before them. */
import { describe, expect, test } from 'vitest'
import type { Journaled } from '../../model/entry.ts'
import type { HistoryQuery } from '../../model/ports/history.ts'
import { device } from '../../rules/testing/community.ts'
import { historyEntries } from './history-window.ts'
import { findJournalWindow } from './journal-window.ts'

/** Entries `first` … `last`, one a second, `seq` = second. */
function journal(first: number, last: number) {
  return {
    firstSeq: () => (last === 0 ? 0 : first),
    lastSeq: () => last,
    read: (after: number, limit: number): Journaled[] =>
      Array.from({ length: Math.max(0, Math.min(limit, last - after)) }, (_, index) => ({
        kind: 'tick',
        receivedAt: (after + 1 + index) * 1000,
        seq: after + 1 + index,
      })),
  }
}
const all = { maxEntries: 1_000_000 }

describe('journalPart', () => {
  test.each([
    {
      name: 'inside the journal',
      from: 50_000,
      first: 1,
      want: { after: 49, reachesTo: null, beganAt: null },
    },
    { name: 'between two entries', from: 50_500, first: 1, want: { after: 50, reachesTo: null } },
    { name: 'at the oldest entry', from: 20_000, first: 20, want: { after: 19, reachesTo: null } },
    { name: 'older than the journal', from: 5_000, first: 20, want: { after: 19, reachesTo: 20_000 } },
    {
      name: 'newer than every entry',
      from: 200_000,
      first: 1,
      want: { after: 100, last: 100, reachesTo: null },
    },
  ])('$name', ({ from, first, want }) => {
    expect(findJournalWindow(journal(first, 100), { from, ...all })).toMatchObject({ last: 100, ...want })
  })
  test('limits the number of entries to the newest and returns where they begin', () => {
    expect(findJournalWindow(journal(1, 100), { from: 5_000, maxEntries: 30 })).toEqual({
      ...{ after: 70, last: 100, reachesTo: null, beganAt: 71_000 },
    })
  })
  test('an empty journal', () => {
    const window = findJournalWindow(journal(0, 0), { from: 5_000, ...all })
    expect(window).toMatchObject({ after: 0, last: 0, reachesTo: Number.POSITIVE_INFINITY })
  })
})

describe('historyEntries', () => {
  test('joins the fields of one instant to one reading, sorted by time, a day at a time', async () => {
    const asked: HistoryQuery[] = []
    const day = 86_400_000
    const days: (readonly Journaled[])[] = []
    for await (const entries of historyEntries({
      devices: [device('b1', 'bin'), device('b2', 'bin'), device('l1', 'streetlight')],
      fields: new Map([['bin', ['fillingLevel', 'temperature']]]),
      ...{ from: 0, to: 2 * day + 5 },
      async ask(query) {
        asked.push(query)
        if (query.from > 0) return query.device === 'b1' ? null : []
        const shift = query.device === 'b1' ? 0 : 5
        return [
          { at: 10 + shift, value: query.field === 'temperature' ? 20 : 0.5 },
          ...(query.field === 'temperature' ? [{ at: 30, value: 21 }] : []),
        ]
      },
    }))
      days.push(entries)
    expect(asked).toHaveLength(3 * 4)
    expect(asked.at(-1)).toMatchObject({ from: 2 * day, to: 2 * day + 5 })
    expect(days).toHaveLength(1)
    expect(days[0]).toMatchObject([
      { device: 'b1', ts: 10, receivedAt: 10, values: { fillingLevel: 0.5, temperature: 20 } },
      { device: 'b2', ts: 15, values: { fillingLevel: 0.5, temperature: 20 } },
      { device: 'b1', ts: 30, values: { temperature: 21 } },
      { device: 'b2', ts: 30, values: { temperature: 21 } },
    ])
  })
})
