/** `profile`: not what it was at this time of day. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { spans, type TestReading } from '../../testing/episodes.ts'
import { blankLine, readSlot, slots, usualAt, writeSlot } from './day-curve.ts'

const profile = { fields: ['activePowerR', 'activePowerS'], by: 0.2, share: 0.02, for: '7m', days: 5 }
const tested = { type: 'cabinet', rule: { condition: { profile } } }

const on = 18
/** A line that burns with 6.9 kW from 18 h (two minutes later every day), 5 kW after midnight, until 6 h. */
function usualKw(hour: number): number {
  const day = Math.floor(hour / 24)
  const ofDay = hour - day * 24
  const late = (day * 2) / 60
  if (ofDay >= on + late) return 6.9
  return ofDay < 6 - late ? 5 : 0
}

interface Odd {
  readonly from: number
  readonly to: number
  /** Added; undefined = nothing is told. */
  readonly kw: number | undefined
}
/** So many days, a reading every `every` minutes. */
function nights(days: number, odd: readonly Odd[] = [], every = 2): TestReading[] {
  return Array.from({ length: (days * 1440) / every }, (_, index) => (index * every) / 60).flatMap((hour) => {
    const one = odd.find(({ from, to }) => hour >= from && hour < to)
    if (one && one.kw === undefined) return []
    return [{ hour, values: { activePowerR: Math.max(0, usualKw(hour) + (one?.kw ?? 0)) } }]
  })
}
/** An hour of the sixth day. */
const then = (hour: number): number => 5 * 24 + hour

const fires: readonly (readonly [string, readonly TestReading[], readonly string[]])[] = [
  [
    '600 W less for an hour',
    nights(6, [{ from: then(20), to: then(21), kw: -0.6 }]),
    ['140 140.1167 141.1167'],
  ],
  ['a load by day', nights(6, [{ from: then(10), to: then(12), kw: 0.5 }]), ['130 130.1167 132.1167']],
  [
    'dark when it should burn',
    nights(6, [{ from: then(19), to: then(23), kw: -6.9 }]),
    ['139 139.1167 143.1167'],
  ],
  [
    'one night of five without data is enough data',
    nights(6, [
      { from: 40, to: 48, kw: undefined },
      { from: then(20), to: then(21), kw: -0.6 },
    ]),
    ['140 140.1167 141.1167'],
  ],
]
const quiet: readonly (readonly [string, readonly TestReading[]])[] = [
  ['a line that is switched two minutes later every day', nights(9)],
  ['less than 200 W', nights(6, [{ from: then(20), to: then(22), kw: -0.19 }])],
  ['six minutes', nights(6, [{ from: then(20), to: then(20.1), kw: -3 }])],
  [
    'switched on nine minutes early',
    nights(6, [{ from: then(on + 1 / 60), to: then(on + 10 / 60), kw: 6.9 }]),
  ],
  ['a gap in the night is unknown', nights(6, [{ from: then(19), to: then(23), kw: undefined }])],
  ['two days are known', nights(3, [{ from: 2 * 24 + 20, to: 2 * 24 + 21, kw: -3 }])],
  [
    'two of the last five nights without data',
    nights(6, [
      { from: 42, to: 48, kw: undefined },
      { from: 66, to: 72, kw: undefined },
      { from: then(20), to: then(21), kw: -0.6 },
    ]),
  ],
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
  test('2 % of a great power', () => {
    const great = { ...tested, rule: { condition: { profile: { ...profile, share: 0.1 } } } }
    expect(spans(great, nights(6, [{ from: then(20), to: then(22), kw: -0.6 }]))).toEqual([])
  })
  test('a phase that was told and is not any more', () => {
    const told = nights(6).map(({ hour, values }, index) => ({
      hour,
      values: hour < then(20) ? { ...values, activePowerS: index % 2 } : values,
    }))
    const bothPhases = told.filter(({ hour }) => hour >= then(20) + 0.2)
    expect(bothPhases.length).toBeGreaterThan(50)
    const steady = told.map(({ hour, values }) => ({
      hour,
      values: 'activePowerS' in values ? { ...values, activePowerS: 1 } : values,
    }))
    expect(spans(tested, steady)).toEqual([])
  })
})

test('what stays becomes usual within three days', () => {
  const [only, ...more] = spans(tested, nights(10, [{ from: then(10), to: then(10) + 96, kw: 0.5 }]))
  expect(only).toMatch(/^130 130\.1167 2\d\d/)
  expect(more.length).toBeLessThanOrEqual(1)
})

test.each<[string, (hour: number) => number]>([
  ['the sun', (hour) => hour],
  // Summer time begins on 29 March at 1 h UTC.
  ['the clock', (hour) => (hour < 28 * 24 + 1 ? hour + 1 : hour + 2)],
])('summer time begins, and the line follows %s: quiet; after five days it is known anew', (_, timeOf) => {
  const told = (kw: number) =>
    nights(38).map(({ hour }) => ({
      hour,
      values: { activePowerR: usualKw(timeOf(hour)) + (hour > 36 * 24 + 20 && hour < 36 * 24 + 21 ? kw : 0) },
    }))
  const amsterdam = { ...tested, timeZone: 'Europe/Amsterdam' }
  expect(spans(amsterdam, told(0))).toEqual([])
  expect(spans(amsterdam, told(-3))).toHaveLength(1)
})

test('any order within five minutes and restarts come to the same', () => {
  const told = nights(7, [
    { from: then(20), to: then(21), kw: -0.6 },
    { from: then(34), to: then(36), kw: 1 },
  ])
  const right = spans(tested, told)
  expect(right).toHaveLength(2)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 290 }), { minLength: 50, maxLength: 50 }), (delays) => {
      const delay = (index: number) => delays[index % delays.length] ?? 0
      expect(spans(tested, told, { delay, twice: (index) => index % 11 === 0 })).toEqual(right)
    }),
    { numRuns: 10 },
  )
  const restarts = [100, 3700, 3725, 4200, 4300]
  expect(spans(tested, told, { restarts })).toEqual(right)
})

describe('day lines', () => {
  test('what is written is read again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: slots - 1 }),
        fc.integer({ min: -131_072, max: 131_071 }),
        (slot, value) => {
          const line = writeSlot(blankLine, slot, value)
          expect(line).toHaveLength(blankLine.length)
          expect(readSlot(line, slot)).toBe(value)
          expect(readSlot(line, (slot + 1) % slots)).toBeUndefined()
        },
      ),
    )
  })
  test('too great a number is the greatest', () => {
    expect(readSlot(writeSlot(blankLine, 3, 1e9), 3)).toBe(131_071)
    expect(readSlot(writeSlot(blankLine, 3, -1e9), 3)).toBe(-131_072)
  })
  test('usual is the median of enough days', () => {
    const days = [1, 9, 2].map((value) => writeSlot(blankLine, 5, value))
    expect(usualAt([...days, blankLine], 5, 3)).toBe(2)
    expect(usualAt([...days, blankLine], 5, 4)).toBeUndefined()
  })
})
