/** `total`: what adds up within one night. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { spans, type TestReading } from '../../testing/episodes.ts'

/** Night is when the lamp is on; a bad voltage is one under 210 V. */
const tested = {
  type: 'streetlight',
  rule: { condition: { total: { when: 'voltage < 210.0', for: '3h', during: "powerState == 'on'" } } },
}

interface Stretch {
  /** Hours. */
  readonly from: number
  readonly to: number
  readonly voltage: number
  readonly night?: boolean
  /** Minutes between two readings. */
  readonly every?: number
}
function tells(...stretches: readonly Stretch[]): TestReading[] {
  return stretches.flatMap(({ from, to, voltage, night = true, every = 5 }) =>
    Array.from({ length: Math.round(((to - from) * 60) / every) }, (_, index) => ({
      hour: from + (index * every) / 60,
      values: { voltage, powerState: night ? 'on' : 'off' },
    })),
  )
}
const bad = (from: number, to: number): Stretch => ({ from, to, voltage: 200 })
const good = (from: number, to: number): Stretch => ({ from, to, voltage: 230 })
const day = (from: number, to: number): Stretch => ({ from, to, voltage: 200, night: false })

const fires: readonly (readonly [string, readonly TestReading[], readonly string[]])[] = [
  ['three hours at a stretch', tells(good(0, 1), bad(1, 5)), ['1 4 -']],
  ['three hours in pieces', tells(bad(0, 1), good(1, 2), bad(2, 3), good(3, 4), bad(4, 5.5)), ['0 5 -']],
  ['by the timer when nothing more is told', tells(bad(0, 2.95)), ['0 3 -']],
  [
    'it goes on by day, and ends with a better night',
    tells(bad(0, 4), day(4, 20), good(20, 30), day(30, 31)),
    ['0 3 30.25'],
  ],
  [
    'another bad night goes on with it',
    tells(bad(0, 4), day(4, 20), bad(20, 24), day(24, 40), good(40, 50), day(50, 51)),
    ['0 3 50.25'],
  ],
  ['the time of a gap does not count', tells(bad(0, 1), bad(3, 5.5)), ['0 5.0833 -']],
  ['one reading of the day does not cut the night', tells(bad(0, 2), day(2, 2.1), bad(2.1, 4)), ['0 3.1 -']],
]
const quiet: readonly (readonly [string, readonly TestReading[]])[] = [
  ['two hours', tells(bad(0, 2), good(2, 10), day(10, 20))],
  ['two hours in each of two nights', tells(bad(0, 2), good(2, 3), day(3, 20), bad(20, 22), good(22, 24))],
  ['a bad voltage by day', tells(good(0, 1), day(1, 10), good(10, 11))],
  ['a reading every half an hour is no time', tells({ ...bad(0, 10), every: 30 })],
]

describe('fires', () => {
  test.each(fires)('%s', (_, told, expected) => {
    expect(spans(tested, told)).toEqual(expected)
  })
})
describe('stays quiet', () => {
  test.each(quiet)('%s', (_, told) => {
    expect(spans(tested, told)).toEqual([])
  })
})

test('any order within five minutes, doubled messages and restarts come to the same', () => {
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
        const told = list.flatMap(({ hours, kind }) => {
          at += hours
          return tells({ ...kind(at - hours, at), every: 3 })
        })
        const delays = told.map(() => stream.next().value)
        const right = spans(tested, told)
        episodes += right.length
        const delivery = {
          delay: (index: number) => delays[index] ?? 0,
          isDuplicated: (index: number) => (delays[index] ?? 0) % 3 === 0,
        }
        expect(spans(tested, told, delivery)).toEqual(right)
        const restarts = told.map((_, index) => index).filter((index) => (delays[index] ?? 0) % 7 === 0)
        expect(spans(tested, told, { restarts })).toEqual(right)
      },
    ),
    { numRuns: 60 },
  )
  expect(episodes).toBeGreaterThan(5)
})

test('a device whose clock is set back by days is judged on in its new time', () => {
  const before = tells(bad(240, 242))
  const after = tells(bad(24, 28))
  const delay = (index: number): number => (index < before.length ? 0 : 218 * 3600)
  const found = spans(tested, [...before, ...after], { delay })
  expect(found).toHaveLength(1)
  expect(Number(found[0]?.split(' ')[1])).toBeLessThanOrEqual(27.35)
})
