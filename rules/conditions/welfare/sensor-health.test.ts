/** Which sensors are alive, from how often they usually report. */
import { describe, expect, test } from 'vitest'
import { device } from '../../testing/community.ts'
import type { Sample, Subject } from '../condition.ts'
import { hourMs } from '../local-time.ts'
import {
  correctedTime,
  hasUsualGaps,
  isAlive,
  minSilence,
  recordSample,
  type SensorHealth,
} from './sensor-health.ts'

const offlineAfter = 25 * hourMs
const subject = { members: [{ device: device('hall', 'motion', { home: 'h1' }) }] } as unknown as Subject

const sample = (hour: number, more: Partial<Sample> = {}): Sample =>
  ({ ts: hour * hourMs, receivedAt: hour * hourMs, member: 0, offline: false, subject, ...more }) as Sample

function record(hours: readonly number[], start?: SensorHealth): SensorHealth {
  return hours.reduce<SensorHealth | undefined>(
    (health, hour) => recordSample(health, sample(hour), offlineAfter),
    start,
  ) as SensorHealth
}
const every = (gap: number, until: number): number[] =>
  Array.from({ length: Math.floor(until / gap) }, (_, index) => (index + 1) * gap)

const aliveAt = (hour: number, lastSeen: number | undefined, health?: SensorHealth, gapsKnown = true) =>
  isAlive({ device: subject.members[0]?.device, lastSeenAt: lastSeen && lastSeen * hourMs } as never, {
    health,
    gapsKnown,
    offlineAfter,
    at: hour * hourMs,
  })

describe('usual gaps', () => {
  test('are the longest time between messages, and shrink slowly', () => {
    expect(record([0, 1, 4, 5]).usualGaps.hall).toBeCloseTo(180, 0)
    expect(record([0, 1, 4, ...every(1, 200).map((hour) => hour + 4)]).usualGaps.hall).toBeLessThan(140)
  })
  test('exclude the gap of a dead sensor and the gap after it was offline', () => {
    expect(record([0, 1, 40]).usualGaps.hall).toBe(60)
    const offline = recordSample(record([0, 1]), sample(2, { offline: true }), offlineAfter)
    expect(offline?.offline).toEqual(['hall'])
    expect(record([20], offline).usualGaps.hall).toBeCloseTo(60, 0)
    expect(record([20], offline).offline).toBeUndefined()
  })
  test('are known after a week', () => {
    const health = record([1, 2])
    expect(hasUsualGaps(health, (1 + 7 * 24) * hourMs)).toBe(true)
    expect(hasUsualGaps(health, 7 * 24 * hourMs)).toBe(false)
    expect(hasUsualGaps(undefined, 0)).toBe(false)
  })
  test('most messages change nothing', () => {
    const health = record([1])
    expect(recordSample(health, sample(1.4), offlineAfter)).toBe(health)
    expect(recordSample(health, sample(1.5), offlineAfter)).not.toBe(health)
    expect(recordSample(health, sample(9), undefined)).toBe(health)
  })
})

describe('alive', () => {
  test('by the offline limit while the usual gaps are unknown', () => {
    expect(aliveAt(30, 5)).toBe(true)
    expect(aliveAt(30.1, 5)).toBe(false)
    expect(aliveAt(1, undefined)).toBe(false)
    expect(aliveAt(30, 5, record(every(1, 5)), false)).toBe(true)
  })
  test('by twice the usual gap, at least two hours', () => {
    const fourHourly = record(every(4, 40))
    expect(aliveAt(47.9, 40, fourHourly)).toBe(true)
    expect(aliveAt(48.1, 40, fourHourly)).toBe(false)
    const halfHourly = record(every(0.5, 40))
    expect(aliveAt(40 + minSilence / hourMs, 40, halfHourly)).toBe(true)
    expect(aliveAt(40.1 + minSilence / hourMs, 40, halfHourly)).toBe(false)
  })
  test('never while offline', () => {
    const offline = recordSample(record([1]), sample(2, { offline: true }), offlineAfter)
    expect(aliveAt(2, 1, offline)).toBe(false)
    expect(recordSample(offline, sample(3, { offline: true }), offlineAfter)).toBe(offline)
  })
})

describe('slow clocks', () => {
  const slow = (hour: number, lag: number) => sample(hour - lag, { receivedAt: hour * hourMs })
  const healthAfter = (...lags: readonly number[]) =>
    lags.reduce<SensorHealth | undefined>(
      (health, lag, index) => recordSample(health, slow(10 + index, lag), offlineAfter),
      undefined,
    )

  test('the smallest delay since the first message corrects the time', () => {
    expect(healthAfter(8, 9)?.clockLags).toEqual({ hall: 480 })
    expect(correctedTime(healthAfter(8, 9), slow(20, 8))).toBe(20 * hourMs)
    expect(correctedTime(healthAfter(8, 7.5), slow(20, 7.5))).toBe(20 * hourMs)
  })
  test('buffered messages and network delay are no slow clock', () => {
    expect(healthAfter(0, 0)?.clockLags).toBeUndefined()
    expect(healthAfter(8, 0.05)?.clockLags).toBeUndefined()
    expect(correctedTime(healthAfter(0, 0), slow(20, 3))).toBe(17 * hourMs)
  })
  test('the corrected time is never later than the arrival', () => {
    expect(correctedTime(healthAfter(8, 9), slow(20, 2))).toBe(20 * hourMs)
  })
})
