import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FeedSnapshot } from '../../../model/live-feed.ts'
import { MAX_MISSING_CHANGES, planCatchUp, snapshotParts } from './plan.ts'

const log = { head: { epoch: 'e', seq: 6000 }, firstSeq: 500 }

describe('what a console that comes back gets', () => {
  test.each([
    ['level', { epoch: 'e', seq: 6000 }, { kind: 'changes', from: 6000 }],
    ['just near enough', { epoch: 'e', seq: 1000 }, { kind: 'changes', from: 1000 }],
    ['no cursor', null, { kind: 'snapshot', reason: 'no-cursor' }],
    ['another epoch', { epoch: 'f', seq: 6000 }, { kind: 'snapshot', reason: 'other-epoch' }],
    ['ahead', { epoch: 'e', seq: 6001 }, { kind: 'snapshot', reason: 'ahead-of-log' }],
    ['too far behind', { epoch: 'e', seq: 999 }, { kind: 'snapshot', reason: 'too-far-behind' }],
  ])('%s', (_name, cursor, plan) => {
    expect(MAX_MISSING_CHANGES).toBe(5000)
    expect(planCatchUp(cursor, log)).toEqual(plan)
  })

  test.each([
    ['at the edge of what is kept', 5499, 5500, 'changes'],
    ['one before it', 5498, 5500, 'snapshot'],
    ['level with a log of which nothing is kept', 6000, 0, 'changes'],
    ['behind a log of which nothing is kept', 5999, 0, 'snapshot'],
  ])('%s', (_name, seq, firstSeq, kind) => {
    expect(planCatchUp({ epoch: 'e', seq }, { ...log, firstSeq }).kind).toBe(kind)
  })
})

test('parts hold everything once, in order, none larger than asked', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(40), fc.nat(40), fc.integer({ min: 1, max: 15 }), (a, c, w, size) => {
      const ids = (n: number) => Array.from({ length: n }, (_, id) => ({ id }))
      const snapshot = { alerts: ids(a), cases: ids(c), workOrders: ids(w) } as unknown as FeedSnapshot
      const parts = snapshotParts(snapshot, size)
      expect(parts.length).toBeGreaterThan(0)
      for (const part of parts) {
        expect(part.alerts.length + part.cases.length + part.workOrders.length).toBeLessThanOrEqual(size)
      }
      expect({
        alerts: parts.flatMap((part) => part.alerts),
        cases: parts.flatMap((part) => part.cases),
        workOrders: parts.flatMap((part) => part.workOrders),
      }).toEqual(snapshot)
    }),
  )
})
