/** Median, scaled MAD and slope against hand-calculated figures, and properties for any input. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { median, scaledMad, theilSen } from './robust.ts'

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true })
const numbers = fc.array(number, { minLength: 1, maxLength: 40 })

describe('median', () => {
  test.each([
    [[], undefined],
    [[7], 7],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100, -5, 10], 10],
    [[10, 2, 33, 4], 7],
  ] as const)('%j is %j', (values, wanted) => {
    expect(median(values)).toBe(wanted)
  })

  test('at least half of the values are not above it and half not below, in any order', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const middle = median(values) as number
        expect(values.filter((value) => value <= middle).length * 2).toBeGreaterThanOrEqual(values.length)
        expect(values.filter((value) => value >= middle).length * 2).toBeGreaterThanOrEqual(values.length)
        // 0 and -0 are equal.
        expect(median(values.toReversed()) === middle).toBe(true)
      }),
    )
  })

  test('does not change its input', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })
})

describe('scaledMad', () => {
  // Deviations from 3: 2, 1, 0, 1, 97; their median is 1.
  test.each([
    [[1, 2, 3, 4, 100], 3, 1.4826],
    [[5, 5, 5, 9], 5, 0],
    [[2, 6], 4, 2 * 1.4826],
  ] as const)('of %j around %d is %d', (values, center, wanted) => {
    expect(scaledMad(values, center)).toBeCloseTo(wanted, 10)
  })
  test('is undefined for empty input', () => {
    expect(scaledMad([], 0)).toBeUndefined()
  })
  test('of normally distributed values is about their standard deviation', () => {
    // Quantiles of the standard normal distribution at 10 %, 20 % … 90 %.
    const quantiles = [-1.2816, -0.8416, -0.5244, -0.2533, 0, 0.2533, 0.5244, 0.8416, 1.2816]
    expect(scaledMad(quantiles, 0)).toBeCloseTo(0.777, 2)
    expect(
      scaledMad(
        quantiles.map((one) => 10 + 3 * one),
        10,
      ),
    ).toBeCloseTo(2.332, 2)
  })
})

describe('theilSen', () => {
  test.each([
    ['slopes 1 1 1', [0, 1, 2], [5, 6, 7], 1, 1],
    ['slopes 0 1 2', [0, 1, 2], [0, 2, 2], 1, 0],
    ['slopes -43 1 1 1 1 1 1 44.5 87 -86 of one outlier', [0, 1, 2, 3, 4], [0, 1, 2, 90, 4], 1, 1],
    ['slopes 1.5 2.5; two points of the same x have none', [0, 0, 2], [1, 3, 6], 2, 1.5],
    ['slopes -3 -2 -1 -0.5 0 2: no clear direction', [0, 1, 2, 3], [3, 0, 2, 0], -0.75, -2],
  ] as const)('%s', (_, xs, ys, slope, lowerQuartile) => {
    expect(theilSen(xs, ys)).toEqual({ slope, lowerQuartile })
  })
  test.each([
    [[], []],
    [[1], [2]],
    [
      [3, 3],
      [1, 2],
    ],
  ] as const)('x %j, y %j: undefined', (xs, ys) => {
    expect(theilSen(xs, ys)).toBeUndefined()
  })
  test('finds the slope when a quarter of the points are outliers', () => {
    const line = fc.record({
      slope: fc.integer({ min: -50, max: 50 }),
      start: fc.integer({ min: -99, max: 99 }),
    })
    const outliers = fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 5, maxLength: 5 })
    const placesOf = fc.array(fc.nat(19), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(line, outliers, placesOf, ({ slope, start }, values, places) => {
        const xs = Array.from({ length: 20 }, (_, index) => index)
        const ys = xs.map((x) => slope * x + start)
        places.forEach((place, index) => {
          ys[place] = values[index] as number
        })
        expect(theilSen(xs, ys)?.slope).toBe(slope)
      }),
    )
  })
})
