import { expect, test } from 'vitest'
import { createRateLimit } from './rate-limit.ts'

test('limits requests per key and minute; the count restarts with the minute, also when the clock moves back', () => {
  const rateLimit = createRateLimit()
  const asks = (key: string, at: number, times: number) =>
    Array.from({ length: times }, () => rateLimit(key, 2, at))
  expect(asks('a', 1_000, 3)).toEqual([true, true, false])
  expect(asks('b', 59_999, 3)).toEqual([true, true, false])
  expect(asks('a', 59_999, 1)).toEqual([false])
  expect(asks('a', 60_000, 3)).toEqual([true, true, false])
  expect(asks('a', 30_000, 1)).toEqual([true])
})
