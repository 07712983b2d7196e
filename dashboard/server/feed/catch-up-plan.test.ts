import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FeedSnapshot } from '../../../model/live-feed.ts'
import { MAX_MISSING_CHANGES, planCatchUp, splitSnapshot } from './catch-up-plan.ts'

const log = { head: { epoch: 'e', seq: 6000 }, firstSeq: 500 }

describe('planCatchUp', () => {
  test.each([
    ['caught up', { epoch: 'e', seq: 6000 }, { kind: 'changes', from: 6000 }],
    ['just within the limit', { epoch: 'e', seq: 1000 }, { kind: 'changes', from: 1000 }],
    ['no cursor', null, { kind: 'snapshot', reason: 'no-cursor' }],
    ['another epoch', { epoch: 'f', seq: 6000 }, { kind: 'snapshot', reason: 'other-epoch' }],
    ['ahead', { epoch: 'e', seq: 6001 }, { kind: 'snapshot', reason: 'ahead-of-log' }],
    ['too far behind', { epoch: 'e', seq: 999 }, { kind: 'snapshot', reason: 'too-far-behind' }],
  ])('%s', (_name, cursor, plan) => {
    expect(MAX_MISSING_CHANGES).toBe(5000)
    expect(planCatchUp(cursor, log)).toEqual(plan)
  })

  test.each([
    ['just before the oldest change', 5499, 5500, 'changes'],
    ['one change missing', 5498, 5500, 'snapshot'],
    ['caught up with an empty log', 6000, 0, 'changes'],
    ['behind an empty log', 5999, 0, 'snapshot'],
  ])('%s', (_name, seq, firstSeq, kind) => {
    expect(planCatchUp({ epoch: 'e', seq }, { ...log, firstSeq }).kind).toBe(kind)
  })
})

test('pages contain everything once, in order, none larger than the limit', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(40), fc.nat(40), fc.integer({ min: 1, max: 15 }), (a, c, w, size) => {
      const ids = (n: number) => Array.from({ length: n }, (_, id) => ({ id }))
      const snapshot = { alerts: ids(a), cases: ids(c), workOrders: ids(w) } as unknown as FeedSnapshot
      const pages = splitSnapshot(snapshot, size)
      expect(pages.length).toBeGreaterThan(0)
      for (const page of pages) {
        expect(page.alerts.length + page.cases.length + page.workOrders.length).toBeLessThanOrEqual(size)
      }
      expect({
        alerts: pages.flatMap((page) => page.alerts),
        cases: pages.flatMap((page) => page.cases),
        workOrders: pages.flatMap((page) => page.workOrders),
      }).toEqual(snapshot)
    }),
  )
})
