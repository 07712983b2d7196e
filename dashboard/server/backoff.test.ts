import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBackoff } from './backoff.ts'

const options = { freeAttempts: 2, firstWait: 1000, maxWait: 8000, resetAfter: 60_000, maxKeys: 3 }

describe('backoff', () => {
  test('free attempts first, then a wait that doubles up to the maximum', () => {
    const backoff = createBackoff(options)
    const waits = Array.from({ length: 8 }, () => {
      backoff.fail('a', 0)
      return backoff.wait('a', 0)
    })
    expect(waits).toEqual([0, 0, 1000, 2000, 4000, 8000, 8000, 8000])
    expect(backoff.wait('a', 7999)).toBe(1)
    expect(backoff.wait('a', 8000)).toBe(0)
    expect(backoff.wait('b', 0)).toBe(0)
  })

  test('resets after a success, after undo, and after time', () => {
    const backoff = createBackoff(options)
    for (let n = 0; n < 5; n++) backoff.fail('a', 0)
    backoff.reset('a')
    expect(backoff.wait('a', 0)).toBe(0)
    backoff.fail('b', 0)
    backoff.undo('b')
    for (let n = 0; n < 2; n++) backoff.fail('b', 0)
    expect(backoff.wait('b', 0)).toBe(0)
    for (let n = 0; n < 9; n++) backoff.fail('c', 0)
    backoff.fail('c', 60_001)
    expect(backoff.wait('c', 60_001)).toBe(0)
  })

  test('evicts the key with the oldest failure', () => {
    const backoff = createBackoff({ ...options, freeAttempts: 0 })
    for (const key of ['a', 'b', 'c', 'a', 'd']) backoff.fail(key, 0)
    expect(backoff.wait('b', 0)).toBe(0)
    expect(backoff.wait('a', 0)).toBe(2000)
  })

  test('never exceeds the maximum wait', () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), by: fc.nat(30_000), ok: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const backoff = createBackoff(options)
        let now = 0
        for (const { key, by, ok } of steps) {
          now += by
          if (ok) backoff.undo(key)
          else backoff.fail(key, now)
          const wait = backoff.wait(key, now)
          expect(wait).toBeGreaterThanOrEqual(0)
          expect(wait).toBeLessThanOrEqual(options.maxWait)
        }
      }),
    )
  })
})
