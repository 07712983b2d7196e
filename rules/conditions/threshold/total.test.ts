/** `total`: time that adds up within one night. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { spans, type TestReading } from '../../testing/episodes.ts'

/** Night is when the lamp is on; a bad voltage is one under 210 V. */
const tested = {
  type: 'streetlight',
  rule: { condition: { total: { when: 'voltage < 210.0', for: '3h', during: "powerState == 'on'" } } },
}

interface Window {
  /** Hours. */
  readonly from: number
  readonly to: number
  readonly voltage: number
  readonly night?: boolean
  /** Minutes between two readings. */
  readonly every?: number
}
function readingsOf(...windows: readonly Window[]): TestReading[] {
  return windows.flatMap(({ from, to, voltage, night = true, every = 5 }) =>
    Array.from({ length: Math.round(((to - from) * 60) / every) }, (_, index) => ({
      hour: from + (index * every) / 60,
      values: { voltage, powerState: night ? 'on' : 'off' },
    })),
  )
}
const bad = (from: number, to: number): Window => ({ from, to, voltage: 200 })
const good = (from: number, to: number): Window => ({ from, to, voltage: 230 })
const day = (from: number, to: number): Window => ({ from, to, voltage: 200, night: false })

const fires: readonly (readonly [string, readonly TestReading[], readonly string[]])[] = [
  ['three hours without a break', readingsOf(good(0, 1), bad(1, 5)), ['1 4 -']],
  ['three hours in pieces', readingsOf(bad(0, 1), good(1, 2), bad(2, 3), good(3, 4), bad(4, 5.5)), ['0 5 -']],
  ['by the timer when no more readings arrive', readingsOf(bad(0, 2.95)), ['0 3 -']],
  [
    'it goes on by day, and ends with a better night',
    readingsOf(bad(0, 4), day(4, 20), good(20, 30), day(30, 31)),
    ['0 3 30.25'],
  ],
  [
    'another bad night goes on with it',
    readingsOf(bad(0, 4), day(4, 20), bad(20, 24), day(24, 40), good(40, 50), day(50, 51)),
    ['0 3 50.25'],
  ],
  ['gaps do not count', readingsOf(bad(0, 1), bad(3, 5.5)), ['0 5.0833 -']],
  [
    'a single reading by day does not split the night',
    readingsOf(bad(0, 2), day(2, 2.1), bad(2.1, 4)),
    ['0 3.1 -'],
  ],
]
const quiet: readonly (readonly [string, readonly TestReading[]])[] = [
  ['two hours', readingsOf(bad(0, 2), good(2, 10), day(10, 20))],
  [
    'two hours in each of two nights',
    readingsOf(bad(0, 2), good(2, 3), day(3, 20), bad(20, 22), good(22, 24)),
  ],
  ['a bad voltage by day', readingsOf(good(0, 1), day(1, 10), good(10, 11))],
  ['readings every half an hour do not count', readingsOf({ ...bad(0, 10), every: 30 })],
]

describe('fires', () => {
  test.each(fires)('%s', (_, readings, expected) => {
    expect(spans(tested, readings)).toEqual(expected)
  })
})
describe('stays quiet', () => {
  test.each(quiet)('%s', (_, readings) => {
    expect(spans(tested, readings)).toEqual([])
  })
})

test('any arrival order within 5 min, duplicates and restarts give the same episodes', () => {
  const stretch = fc.record({
    hours: fc.constantFrom(0.25, 0.5, 1, 2),
    kind: fc.constantFrom(bad, bad, good, day),
  })
  let episodes = 0
  fc.assert(
    fc.property(
      fc.array(stretch, { minLength: 3, maxLength: 14, size: 'max' }),
      fc.infiniteStream(fc.integer({ min: 0, max: 290 })),
      (list, stream) => {
        let at = 0
        const readings = list.flatMap(({ hours, kind }) => {
          at += hours
          return readingsOf({ ...kind(at - hours, at), every: 3 })
        })
        const delays = readings.map(() => stream.next().value)
        const right = spans(tested, readings)
        episodes += right.length
        const delivery = {
          delay: (index: number) => delays[index] ?? 0,
          isDuplicated: (index: number) => (delays[index] ?? 0) % 3 === 0,
        }
        expect(spans(tested, readings, delivery)).toEqual(right)
        const restarts = readings.map((_, index) => index).filter((index) => (delays[index] ?? 0) % 7 === 0)
        expect(spans(tested, readings, { restarts })).toEqual(right)
      },
    ),
    { numRuns: 60 },
  )
  expect(episodes).toBeGreaterThan(5)
})

test('evaluation continues in the new time after a clock regression of days', () => {
  const before = readingsOf(bad(240, 242))
  const after = readingsOf(bad(24, 28))
  const delay = (index: number): number => (index < before.length ? 0 : 218 * 3600)
  const found = spans(tested, [...before, ...after], { delay })
  expect(found).toHaveLength(1)
  expect(Number(found[0]?.split(' ')[1])).toBeLessThanOrEqual(27.35)
})
