import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffOf, defaultBackoff, HistoryUnavailable } from './retry.ts'

test('doubles from 1 s to 60 s, with jitter down to half', () => {
  const full = [1, 2, 3, 6, 7, 50].map((failures) =>
    backoffOf(failures, undefined, 0.999_999_9, defaultBackoff),
  )
  expect(full.map((ms) => Math.round(ms))).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000])
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      (n, random) => {
        const ms = backoffOf(n, new Error('x'), random, defaultBackoff)
        expect(ms).toBeGreaterThanOrEqual(500)
        expect(ms).toBeLessThanOrEqual(60_000)
      },
    ),
  )
})

test('follows Retry-After, up to 10 min', () => {
  const asked = (retryAfter: number) =>
    backoffOf(9, new HistoryUnavailable('later', { retryAfter }), 0, defaultBackoff)
  expect(asked(7000)).toBe(7000)
  expect(asked(86_400_000)).toBe(600_000)
})
