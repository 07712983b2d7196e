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
  test('no alerts', () => {
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

  test('counts the last ten minutes by the time of visibility, not of the event', () => {
    const late = seen(MINUTE, { raisedAt: now - 20 * HOUR })
    expect(alertHealth([late, seen(9 * MINUTE), seen(11 * MINUTE)], [], now).lastTenMinutes).toBe(2)
  })

  test('unacknowledged alerts and the oldest of them', () => {
    const open = [seen(MINUTE), seen(3 * HOUR), seen(9 * HOUR, acknowledged)]
    const { unacknowledged, oldestUnacknowledged } = alertHealth([], open, now)
    expect({ unacknowledged, oldestUnacknowledged }).toEqual({
      unacknowledged: 2,
      oldestUnacknowledged: 3 * HOUR,
    })
  })

  test('stale: active for more than a day; not cleared', () => {
    const open = [seen(25 * HOUR), seen(23 * HOUR), seen(26 * HOUR, { condition: 'cleared' })]
    expect(alertHealth([], open, now).stale).toBe(1)
  })

  test('flood: more than ten alerts in ten minutes', () => {
    const burst = (count: number, age: number) =>
      Array.from({ length: count }, (_, n) => seen(age + n, { device: `d${n}` }))
    const { flood } = alertHealth([...burst(11, HOUR), ...burst(10, 3 * HOUR)], [], now)
    expect(flood).toBeCloseTo(1 / 144)
  })

  test('mix and worst devices of the last day', () => {
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
