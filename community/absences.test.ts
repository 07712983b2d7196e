import fc from 'fast-check'
import { expect, test } from 'vitest'
import { homeAbsences } from './absences.ts'

const day = (number: number): string => new Date(Date.UTC(2026, 2, number)).toISOString()
const span = (from: number, to: number) => ({ from: day(from), to: day(to) })
const days = (...spans: readonly ReturnType<typeof span>[]) =>
  spans.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }))

test('one resident: spans in order, joined where they touch', () => {
  expect(homeAbsences([])).toEqual([])
  expect(homeAbsences([[span(9, 12), span(2, 4), span(4, 5), span(10, 11)]])).toEqual(
    days(span(2, 5), span(9, 12)),
  )
})

test('two residents: only while both are away', () => {
  expect(homeAbsences([[span(2, 8)], [span(4, 6), span(7, 10)]])).toEqual(days(span(4, 6), span(7, 8)))
  expect(homeAbsences([[span(2, 8)], []])).toEqual([])
})

test('an instant is within the result exactly when it is within every calendar', () => {
  const calendar = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 6 })).map(([a, b]) => span(a, a + b)),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(
      fc.array(calendar, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 0, max: 32 }),
      (all, at) => {
        const noon = Date.UTC(2026, 2, at, 12)
        const within = (spans: readonly { from: number; to: number }[]) =>
          spans.some(({ from, to }) => from <= noon && noon < to)
        const parsed = all.map((spans) => days(...spans))
        expect(within(homeAbsences(all))).toBe(parsed.every(within))
      },
    ),
  )
})
