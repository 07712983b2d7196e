import { describe, expect, test } from 'vitest'
import { deletablePrefix, type GroupSpan } from './trim.ts'

const group = (last: number, count = 10, lastReceivedAt = last): GroupSpan => ({
  last,
  count,
  lastReceivedAt,
})
const all = { upTo: Number.MAX_SAFE_INTEGER, receivedBefore: Number.MAX_SAFE_INTEGER }

describe('groups that may be deleted', () => {
  test('none of an empty journal', () => {
    expect(deletablePrefix([], all)).toEqual({ count: 0, upTo: 0 })
  })

  test('only whole groups up to the limit of the readers', () => {
    const groups = [group(10), group(20), group(30)]
    expect(deletablePrefix(groups, { ...all, upTo: 20 })).toEqual({ count: 20, upTo: 20 })
    expect(deletablePrefix(groups, { ...all, upTo: 19 })).toEqual({ count: 10, upTo: 10 })
  })

  test('only groups received before the limit, exclusive', () => {
    const groups = [group(10, 10, 1000), group(20, 10, 2000)]
    expect(deletablePrefix(groups, { ...all, receivedBefore: 2000 }).upTo).toBe(10)
    expect(deletablePrefix(groups, { ...all, receivedBefore: 2001 }).upTo).toBe(20)
  })

  test('none behind the first that must stay, also when the clock was moved back', () => {
    const groups = [group(10, 10, 5000), group(20, 10, 1000)]
    expect(deletablePrefix(groups, { ...all, receivedBefore: 2000 })).toEqual({ count: 0, upTo: 0 })
  })

  test('at most about 16,384 entries, but at least one group', () => {
    expect(deletablePrefix([group(50_000, 50_000), group(50_001, 1)], all).upTo).toBe(50_000)
    const groups = [1, 2, 3].map((n) => group(n * 10_000, 10_000))
    expect(deletablePrefix(groups, all)).toEqual({ count: 20_000, upTo: 20_000 })
  })
})
