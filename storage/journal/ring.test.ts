import fc from 'fast-check'
import { expect, test } from 'vitest'
import { range } from '../../tests/contracts/journal.ts'
import { createRing } from './ring.ts'

test('reads like a list of the newest entries, or undefined when some are gone', () => {
  fc.assert(
    fc.property(
      fc.record({
        capacity: fc.integer({ min: 1, max: 9 }),
        first: fc.integer({ min: 1, max: 20 }),
        count: fc.nat(30),
      }),
      fc.nat(60),
      fc.nat(12),
      ({ capacity, first, count }, after, limit) => {
        const ring = createRing(capacity)
        const seqs = range(first, first + count - 1)
        for (const seq of seqs) ring.push({ kind: 'tick', receivedAt: seq, seq })
        const newest = seqs.slice(-capacity)
        const found = ring.read(after, limit)?.map((entry) => entry.seq)
        const oldest = newest[0]
        if (oldest === undefined || after < oldest - 1) expect(found).toBeUndefined()
        else expect(found).toEqual(newest.filter((seq) => seq > after).slice(0, limit))
      },
    ),
  )
})
