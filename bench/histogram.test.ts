import { expect, test } from 'vitest'
import { latencyHistogram } from './histogram.ts'

test('quantiles of 1 to 1000 ms', () => {
  const histogram = latencyHistogram()
  expect(histogram.quantile(0.5)).toBe(0)
  for (let ms = 1; ms <= 1000; ms++) histogram.record(ms)
  expect(histogram.quantile(0.5)).toBeCloseTo(500, 0)
  expect(histogram.quantile(0.99)).toBeCloseTo(990, 0)
  expect(histogram.max()).toBe(1000)
})
