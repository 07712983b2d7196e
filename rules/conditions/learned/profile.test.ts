/** `profile`: a value unlike the last days at this time of day. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { spans, type TestReading } from '../../testing/episodes.ts'
import { emptyDay, medianAt, readSlot, slotsPerDay, writeSlot } from './day-curve.ts'

const profile = { fields: ['activePowerR', 'activePowerS'], by: 0.2, share: 0.02, for: '7m', days: 5 }
const tested = { type: 'cabinet', rule: { condition: { profile } } }

const on = 18
/** A feeder with 6.9 kW from 18 h (two minutes later every day), 5 kW after midnight, until 6 h. */
function usualKw(hour: number): number {
  const day = Math.floor(hour / 24)
  const ofDay = hour - day * 24
  const late = (day * 2) / 60
  if (ofDay >= on + late) return 6.9
  return ofDay < 6 - late ? 5 : 0
}

interface Deviation {
  readonly from: number
  readonly to: number
  /** Added to the usual power; undefined = no readings. */
  readonly kw: number | undefined
}
/** A reading every `every` minutes for `days` days. */
function nights(days: number, deviations: readonly Deviation[] = [], every = 2): TestReading[] {
  return Array.from({ length: (days * 1440) / every }, (_, index) => (index * every) / 60).flatMap((hour) => {
    const one = deviations.find(({ from, to }) => hour >= from && hour < to)
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
  ['an extra load by day', nights(6, [{ from: then(10), to: then(12), kw: 0.5 }]), ['130 130.1167 132.1167']],
  [
    'off when it should be on',
    nights(6, [{ from: then(19), to: then(23), kw: -6.9 }]),
    ['139 139.1167 143.1167'],
  ],
  [
    'one of five nights without data',
    nights(6, [
      { from: 40, to: 48, kw: undefined },
      { from: then(20), to: then(21), kw: -0.6 },
    ]),
    ['140 140.1167 141.1167'],
  ],
]
const quiet: readonly (readonly [string, readonly TestReading[]])[] = [
  ['switched two minutes later every day', nights(9)],
  ['less than 200 W below', nights(6, [{ from: then(20), to: then(22), kw: -0.19 }])],
  ['a deviation of six minutes', nights(6, [{ from: then(20), to: then(20.1), kw: -3 }])],
  [
    'switched on nine minutes early',
    nights(6, [{ from: then(on + 1 / 60), to: then(on + 10 / 60), kw: 6.9 }]),
  ],
  ['a gap in the readings', nights(6, [{ from: then(19), to: then(23), kw: undefined }])],
  ['only two days known', nights(3, [{ from: 2 * 24 + 20, to: 2 * 24 + 21, kw: -3 }])],
  [
    'two of the last five nights without data',
    nights(6, [
      { from: 42, to: 48, kw: undefined },
      { from: 66, to: 72, kw: undefined },
      { from: then(20), to: then(21), kw: -0.6 },
    ]),
  ],
]

describe('raises on', () => {
  test.each(fires)('%s', (_, readings, expected) => {
    expect(spans(tested, readings)).toEqual(expected)
  })
})
describe('does not raise on', () => {
  test.each(quiet)('%s', (_, readings) => {
    expect(spans(tested, readings)).toEqual([])
  })
  test('a deviation below 10 % of the power', () => {
    const great = { ...tested, rule: { condition: { profile: { ...profile, share: 0.1 } } } }
    expect(spans(great, nights(6, [{ from: then(20), to: then(22), kw: -0.6 }]))).toEqual([])
  })
  test('a phase that is no longer reported', () => {
    const readings = nights(6).map(({ hour, values }, index) => ({
      hour,
      values: hour < then(20) ? { ...values, activePowerS: index % 2 } : values,
    }))
    const bothPhases = readings.filter(({ hour }) => hour >= then(20) + 0.2)
    expect(bothPhases.length).toBeGreaterThan(50)
    const constant = readings.map(({ hour, values }) => ({
      hour,
      values: 'activePowerS' in values ? { ...values, activePowerS: 1 } : values,
    }))
    expect(spans(tested, constant)).toEqual([])
  })
})

test('a lasting change becomes usual within three days', () => {
  const [only, ...more] = spans(tested, nights(10, [{ from: then(10), to: then(10) + 96, kw: 0.5 }]))
  expect(only).toMatch(/^130 130\.1167 2\d\d/)
  expect(more.length).toBeLessThanOrEqual(1)
})

test.each<[string, (hour: number) => number]>([
  ['the sun', (hour) => hour],
  // Summer time begins on 29 March at 1 h UTC.
  ['the clock', (hour) => (hour < 28 * 24 + 1 ? hour + 1 : hour + 2)],
])(
  'a clock change does not raise when the feeder follows %s, and is learned after five days',
  (_, timeOf) => {
    const readings = (kw: number) =>
      nights(38).map(({ hour }) => ({
        hour,
        values: {
          activePowerR: usualKw(timeOf(hour)) + (hour > 36 * 24 + 20 && hour < 36 * 24 + 21 ? kw : 0),
        },
      }))
    const amsterdam = { ...tested, timeZone: 'Europe/Amsterdam' }
    expect(spans(amsterdam, readings(0))).toEqual([])
    expect(spans(amsterdam, readings(-3))).toHaveLength(1)
  },
)

test('any arrival order within 5 min and restarts give the same episodes', () => {
  const readings = nights(7, [
    { from: then(20), to: then(21), kw: -0.6 },
    { from: then(34), to: then(36), kw: 1 },
  ])
  const expected = spans(tested, readings)
  expect(expected).toHaveLength(2)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 290 }), { minLength: 50, maxLength: 50 }), (delays) => {
      const delay = (index: number) => delays[index % delays.length] ?? 0
      expect(spans(tested, readings, { delay, isDuplicated: (index) => index % 11 === 0 })).toEqual(expected)
    }),
    { numRuns: 10 },
  )
  const restarts = [100, 3700, 3725, 4200, 4300]
  expect(spans(tested, readings, { restarts })).toEqual(expected)
})

describe('a day as text', () => {
  test('reads what was written', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: slotsPerDay - 1 }),
        fc.integer({ min: -131_072, max: 131_071 }),
        (slot, value) => {
          const day = writeSlot(emptyDay, slot, value)
          expect(day).toHaveLength(emptyDay.length)
          expect(readSlot(day, slot)).toBe(value)
          expect(readSlot(day, (slot + 1) % slotsPerDay)).toBeUndefined()
        },
      ),
    )
  })
  test('clamps numbers that are too large', () => {
    expect(readSlot(writeSlot(emptyDay, 3, 1e9), 3)).toBe(131_071)
    expect(readSlot(writeSlot(emptyDay, 3, -1e9), 3)).toBe(-131_072)
  })
  test('medianAt needs enough days', () => {
    const days = [1, 9, 2].map((value) => writeSlot(emptyDay, 5, value))
    expect(medianAt([...days, emptyDay], 5, 3)).toBe(2)
    expect(medianAt([...days, emptyDay], 5, 4)).toBeUndefined()
  })
})
