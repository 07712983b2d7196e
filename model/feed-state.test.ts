import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Alert } from './alert.ts'
import type { Change } from './change.ts'
import { applyChange, applyPage, emptyFeedState, type FeedState, type FeedStep } from './feed-state.ts'
import type { FeedPage } from './live-feed.ts'

/** Only the fields that the reducer reads. */
const alert = (id: string, open = true): Alert =>
  ({ id, condition: open ? 'active' : 'cleared', attention: 'acknowledged' }) as Alert
const change = (seq: number, after: Alert, prevSeq = seq - 1): Change =>
  ({ seq, prevSeq, at: seq, entity: 'alert', action: 'x', actor: 'rules', note: null, after }) as Change
const changesPage = (changes: readonly Change[]): FeedPage => ({
  kind: 'changes',
  epoch: 'e',
  last: true,
  changes,
})
const snapshotPage = (asOf: number, alerts: readonly Alert[], first = true, last = true): FeedPage => ({
  kind: 'snapshot',
  epoch: 'e',
  first,
  last,
  asOf,
  part: { alerts, cases: [], workOrders: [] },
})
function applied(step: FeedStep): FeedState {
  if (step.kind !== 'applied') throw new Error(step.kind)
  return step.state
}

const log = fc
  .array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), open: fc.boolean() }), { maxLength: 30 })
  .map((rows) => rows.map(({ id, open }, index) => change(index + 1, alert(id, open))))

describe('feed state', () => {
  test('any split into pages, single changes and repeats ends in the entities open at the end of the log', () => {
    const cuts = fc.array(
      fc.record({ size: fc.integer({ min: 1, max: 6 }), back: fc.integer({ min: 0, max: 4 }) }),
    )
    fc.assert(
      fc.property(log, cuts, (changes, parts) => {
        let state = applied(applyPage(emptyFeedState, snapshotPage(0, [])))
        let next = 0
        for (const { size, back } of [...parts, { size: changes.length, back: 0 }]) {
          const page = changes.slice(Math.max(0, next - back), next + size)
          const step =
            page.length === 1 && page[0] ? applyChange(state, page[0]) : applyPage(state, changesPage(page))
          if (step.kind === 'applied') state = step.state
          expect(step.kind).not.toBe('gap')
          next = Math.min(changes.length, next + size)
        }
        const open = new Map<string, Alert>()
        for (const { after } of changes) {
          const one = after as Alert
          if (one.condition === 'active') open.set(one.id, one)
          else open.delete(one.id)
        }
        expect(state.alerts).toEqual(open)
        expect(state.cursor?.seq).toBe(changes.length)
      }),
    )
  })

  test('a missing change is a gap, and the state stays as it was', () => {
    const state = applied(applyPage(emptyFeedState, snapshotPage(5, [alert('a')])))
    expect(applyChange(state, change(7, alert('b')))).toEqual({ kind: 'gap', ownSeq: 5, prevSeq: 6 })
    expect(applyPage(state, changesPage([change(6, alert('b')), change(8, alert('c'))])).kind).toBe('gap')
    expect([...state.alerts.keys()]).toEqual(['a'])
  })

  test('applies a filtered chain: seqs with holes, but linked by prevSeq', () => {
    const state = applied(applyPage(emptyFeedState, snapshotPage(5, [])))
    expect(applied(applyChange(state, change(9, alert('b'), 5))).cursor?.seq).toBe(9)
  })

  test('a snapshot takes effect with its last page', () => {
    const before = applied(applyPage(emptyFeedState, snapshotPage(5, [alert('a')])))
    const half = applied(applyPage(before, snapshotPage(9, [alert('b')], true, false)))
    expect([...half.alerts.keys()]).toEqual(['a'])
    expect(half.cursor?.seq).toBe(5)
    const whole = applied(applyPage(half, snapshotPage(9, [alert('c')], false, true)))
    expect([...whole.alerts.keys()]).toEqual(['b', 'c'])
    expect(applyPage(before, snapshotPage(9, [], false, true)).kind).toBe('gap')
  })

  test('changes before any snapshot, or of another epoch, are a gap', () => {
    expect(applyChange(emptyFeedState, change(1, alert('a'))).kind).toBe('gap')
    const state = applied(applyPage(emptyFeedState, snapshotPage(0, [])))
    expect(applyPage(state, { kind: 'changes', epoch: 'other', last: true, changes: [] }).kind).toBe('gap')
  })
})
