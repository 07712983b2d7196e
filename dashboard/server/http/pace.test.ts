import { expect, test } from 'vitest'
import { createPace } from './pace.ts'

test('so many a minute for each key; a refused one does not count; the next minute is new, also when the clock is set back', () => {
  const pace = createPace()
  const asks = (key: string, at: number, times: number) =>
    Array.from({ length: times }, () => pace(key, 2, at))
  expect(asks('a', 1_000, 3)).toEqual([true, true, false])
  expect(asks('b', 59_999, 3)).toEqual([true, true, false])
  expect(asks('a', 59_999, 1)).toEqual([false])
  expect(asks('a', 60_000, 3)).toEqual([true, true, false])
  expect(asks('a', 30_000, 1)).toEqual([true])
})
