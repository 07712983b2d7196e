import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom, hash32, rounded } from './random.ts'

const many = <T>(draw: () => T): T[] => Array.from({ length: 2000 }, draw)

test('the same seed gives the same numbers, another seed others', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      const [one, same, other] = [createRandom(a), createRandom(a), createRandom(b)]
      const numbers = many(one.next)
      expect(many(same.next)).toEqual(numbers)
      if (a !== b) expect(many(other.next)).not.toEqual(numbers)
    }),
    { numRuns: 30 },
  )
})

test('numbers stay within their bounds and reach both ends', () => {
  const random = createRandom('bounds')
  for (const value of many(random.next)) expect(value >= 0 && value < 1).toBe(true)
  for (const value of many(() => random.between(-2, 3))) expect(value >= -2 && value < 3).toBe(true)
  expect(new Set(many(() => random.int(1, 4)))).toEqual(new Set([1, 2, 3, 4]))
  expect(new Set(many(() => random.pick(['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']))
  expect(() => random.pick([])).toThrow(RangeError)
})

test('chance and exponential have the requested mean, and exponential is capped at ten times the mean', () => {
  const random = createRandom('means')
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  expect(mean(many(() => Number(random.chance(0.25))))).toBeCloseTo(0.25, 1)
  const waits = many(() => random.exponential(60))
  expect(mean(waits)).toBeGreaterThan(54)
  expect(mean(waits)).toBeLessThan(66)
  expect(Math.max(...waits)).toBeLessThanOrEqual(600)
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(0)
})

test('hash32 is a 32-bit number that depends on every character', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      const hash = hash32(text)
      expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32).toBe(true)
      expect(hash32(`${text}x`)).not.toBe(hash)
    }),
  )
})

test('rounded keeps the requested number of decimals', () => {
  expect([rounded(1.2345, 2), rounded(-0.05, 1), rounded(17.5, 0)]).toEqual([1.23, -0, 18])
})
