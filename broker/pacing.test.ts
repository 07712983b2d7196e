import { describe, expect, test } from 'vitest'
import { FREE_FAILURES, failedLogins, TAKEOVER_LIMIT, takeovers } from './login-limits.ts'
import { rateBucket, STEPS_PER_SECOND } from './rate.ts'

describe('rateBucket', () => {
  test('allows a burst of one second, then the rate', () => {
    const pace = { steps: 0 }
    const bucket = rateBucket(20, pace)
    bucket.spend(20)
    expect(bucket.available()).toBe(0)
    pace.steps += 5
    expect(bucket.available()).toBe(10)
    pace.steps += 1000
    expect(bucket.available()).toBe(20)
  })

  test('accumulates a rate below one message a step', () => {
    const pace = { steps: 0 }
    const bucket = rateBucket(1, pace)
    bucket.spend(1)
    for (let step = 0; step < STEPS_PER_SECOND; step++) {
      expect(bucket.available()).toBe(0)
      pace.steps++
    }
    expect(bucket.available()).toBe(1)
  })

  test('0 disables the limit', () => {
    const bucket = rateBucket(0, { steps: 0 })
    bucket.spend(1e9)
    expect(bucket.available()).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('failedLogins', () => {
  test('no delay at first, then doubling up to 30 s, per address, forgotten after a quiet time', () => {
    const pace = { steps: 0 }
    const failed = failedLogins(pace)
    for (let n = 0; n < FREE_FAILURES; n++) expect(failed.note('1.1.1.1')).toBe(0)
    expect(Array.from({ length: 7 }, () => failed.note('1.1.1.1'))).toEqual([1, 2, 4, 8, 16, 30, 30])
    expect(failed.note('2.2.2.2')).toBe(0)
    pace.steps += 300 * STEPS_PER_SECOND
    expect(failed.note('1.1.1.1')).toBe(0)
  })
})

describe('takeovers', () => {
  test('are limited per minute and device', () => {
    const pace = { steps: 0 }
    const limit = takeovers(pace)
    for (let n = 0; n < TAKEOVER_LIMIT; n++) {
      expect(limit.allow('a')).toBe(true)
      pace.steps += STEPS_PER_SECOND
    }
    expect(limit.allow('a')).toBe(false)
    expect(limit.allow('b')).toBe(true)
    pace.steps += 51 * STEPS_PER_SECOND
    expect(limit.allow('a')).toBe(true)
  })
})
