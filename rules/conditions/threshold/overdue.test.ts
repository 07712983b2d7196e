/** States that last longer than promised: what raises, what does not, and that order, duplicates and restarts change nothing. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { midnight } from '../../testing/community.ts'
import { episodes, spans, type Tested, type TestReading } from '../../testing/episodes.ts'

const tested: Tested = {
  type: 'elevator',
  rule: {
    condition: {
      overdue: {
        while: "carMode == 'out-of-service'",
        promise: 'estimatedReturn',
        for: '24h',
        maxAge: '60d',
      },
    },
    mute: "carMode == 'firefighter-control'",
    reasons: { promise: { zh: '超过承诺', en: 'past the promise' } },
  },
}
const promise = (hour: number): number => midnight / 1000 + hour * 3600
const out = (hour: number, back?: number): TestReading => ({
  hour,
  values: { carMode: 'out-of-service', ...(back !== undefined && { estimatedReturn: promise(back) }) },
})
const normal = (hour: number): TestReading => ({ hour, values: { carMode: 'normal' } })
const nothing = (hour: number): TestReading => ({ hour, values: { carSpeed: 0 } })

type Row = readonly [name: string, readings: readonly TestReading[], expected: readonly string[]]

const fires: readonly Row[] = [
  ['24 h without a promise, by the timer', [out(1), nothing(26), normal(30)], ['1 25 30']],
  ['24 h, reported repeatedly', [out(1), out(10), out(20), out(25), out(30)], ['1 25 -']],
  ['at the promised time', [out(1, 5), nothing(6), normal(8)], ['1 5 8']],
  ['a promise after 24 h does not extend the limit', [out(1, 40), nothing(30)], ['1 25 -']],
  ['a promise that comes later', [out(1), out(3, 5), nothing(6)], ['1 5 -']],
  ['a promise that is moved before it has passed', [out(1, 5), out(4, 8), nothing(9)], ['1 8 -']],
  ['a new promise after it has passed does not end it', [out(1, 5), out(6, 9), normal(7)], ['1 5 7']],
  ['a promise in the past is overdue at once', [out(1), out(6, 5)], ['1 6 -']],
  ['an old promise is about another outage', [out(1, 5), normal(4), out(10), nothing(40)], ['10 34 -']],
  ['twice', [out(1, 5), normal(6), out(10, 12), normal(14)], ['1 5 6', '10 12 14']],
]
const quiet: readonly Row[] = [
  ['back in time', [out(1, 5), normal(4.9), nothing(40)], []],
  ['back within 24 h', [out(1), normal(24.9), nothing(40)], []],
  ['never out', [normal(1), { hour: 2, values: { estimatedReturn: promise(1) } }, normal(40)], []],
]

function shifted({ hour, values }: TestReading, hours: number): TestReading {
  const { estimatedReturn: back } = values
  const moved = typeof back === 'number' && { estimatedReturn: back + hours * 3600 }
  return { hour: hour + hours, values: { ...values, ...moved } }
}

test.each([...fires, ...quiet])('%s', (_, readings, expected) => {
  expect(spans(tested, readings)).toEqual(expected)
})

describe('any delivery', () => {
  /** All raising cases in a row, each over before the next. */
  const story = fires.flatMap(([, readings], index) =>
    [...readings, normal(60)].map((one) => shifted(one, index * 100)),
  )
  const expected = episodes(tested, story)

  test('late, duplicated and reordered messages, restarts', () => {
    expect(expected).toHaveLength(fires.length + 1)
    fc.assert(
      fc.property(
        fc.array(fc.nat(290), { minLength: story.length, maxLength: story.length }),
        fc.array(fc.boolean(), { minLength: story.length, maxLength: story.length }),
        fc.array(fc.nat(story.length), { maxLength: 4 }),
        (delays, doubled, restarts) => {
          const delivery = {
            delay: (index: number) => delays[index] ?? 0,
            isDuplicated: (index: number) => doubled[index] ?? false,
            restarts,
          }
          expect(episodes(tested, story, delivery)).toEqual(expected)
        },
      ),
      { numRuns: 200 },
    )
  })
})
