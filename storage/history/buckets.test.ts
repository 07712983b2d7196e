import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bucketOf, joinNumbers, type NumberBucket, numberPoints, regroup } from './buckets.ts'

const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 30 })

function summed(at: number, list: readonly number[]): NumberBucket {
  const rises = list.slice(1).map((value, index) => Math.max(0, value - (list[index] ?? 0)))
  return {
    at,
    count: list.length,
    sum: list.reduce((sum, value) => sum + value, 0),
    min: Math.min(...list),
    max: Math.max(...list),
    first: list[0] ?? Number.NaN,
    last: list.at(-1) ?? Number.NaN,
    rise: rises.reduce((sum, value) => sum + value, 0),
  }
}

test('two parts joined are the whole, wherever it is cut', () => {
  fc.assert(
    fc.property(values, values, (earlier, later) => {
      expect(joinNumbers(summed(0, earlier), summed(5, later))).toEqual(summed(0, [...earlier, ...later]))
    }),
  )
})

test('hours regrouped to days are the days, and the increase of all points is that of the whole', () => {
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 30 }), (hours) => {
      const spans = hours.map((list, hour) => summed(hour, list))
      const days = regroup(spans, 7, joinNumbers)
      expect(days.map(({ at }) => at)).toEqual([...new Set(spans.map(({ at }) => bucketOf(at, 7)))])
      const increases = numberPoints(days, true).map(({ increase }) => increase ?? Number.NaN)
      expect(increases.reduce((sum, value) => sum + value, 0)).toBe(summed(0, hours.flat()).rise)
    }),
  )
})

test('buckets before 1970 start below, not above', () => {
  expect(bucketOf(-1, 1000)).toBe(-1000)
  expect(bucketOf(-1000, 1000)).toBe(-1000)
})
