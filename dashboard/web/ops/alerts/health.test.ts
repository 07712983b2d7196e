import { describe, expect, test } from 'vitest'
import { acknowledged, sampleAlert } from '../../../../tests/support/web-samples.ts'
import { alertHealth } from './health.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const now = 100 * HOUR
const seen = (age: number, patch = {}) =>
  sampleAlert({
    id: `a${age}-${JSON.stringify(patch)}`,
    firstSeenAt: now - age,
    raisedAt: now - age,
    ...patch,
  })

describe('alertHealth', () => {
  test('nothing at all', () => {
    expect(alertHealth([], [], now)).toEqual({
      lastTenMinutes: 0,
      unacknowledged: 0,
      oldestUnacknowledged: null,
      stale: 0,
      flood: 0,
      mix: null,
      worst: [],
    })
  })

  test('counts the last ten minutes by when people could see it, not by when it happened', () => {
    const late = seen(MINUTE, { raisedAt: now - 20 * HOUR })
    expect(alertHealth([late, seen(9 * MINUTE), seen(11 * MINUTE)], [], now).lastTenMinutes).toBe(2)
  })

  test('unacknowledged ones and the oldest of them', () => {
    const open = [seen(MINUTE), seen(3 * HOUR), seen(9 * HOUR, acknowledged)]
    const { unacknowledged, oldestUnacknowledged } = alertHealth([], open, now)
    expect({ unacknowledged, oldestUnacknowledged }).toEqual({
      unacknowledged: 2,
      oldestUnacknowledged: 3 * HOUR,
    })
  })

  test('stale is active for more than a day; a cleared one is not', () => {
    const open = [seen(25 * HOUR), seen(23 * HOUR), seen(26 * HOUR, { condition: 'cleared' })]
    expect(alertHealth([], open, now).stale).toBe(1)
  })

  test('a span of ten minutes with more than ten is a flood; ten are none', () => {
    const burst = (count: number, age: number) =>
      Array.from({ length: count }, (_, n) => seen(age + n, { device: `d${n}` }))
    const { flood } = alertHealth([...burst(11, HOUR), ...burst(10, 3 * HOUR)], [], now)
    expect(flood).toBeCloseTo(1 / 144)
  })

  test('mix and worst devices of the day; older ones do not count', () => {
    const day = [
      seen(HOUR, { severity: 'critical', device: 'x' }),
      seen(2 * HOUR, { severity: 'low', device: 'x' }),
      seen(3 * HOUR, { severity: 'low', device: 'y' }),
      seen(4 * HOUR, { severity: 'medium', device: 'x' }),
      seen(25 * HOUR, { severity: 'high', device: 'y' }),
    ]
    const { mix, worst } = alertHealth(day, [], now)
    expect(mix).toEqual({ critical: 0.25, high: 0, medium: 0.25, low: 0.5 })
    expect(worst).toEqual([{ device: 'x', count: 3 }])
  })
})
