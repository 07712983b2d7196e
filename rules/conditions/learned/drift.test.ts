/** Days unlike the device's own last weeks: when it raises, when not, and independence of arrival order and restarts. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileRules } from '../../compile/compile-rules.ts'
import { ruleText } from '../../testing/community.ts'
import { episodes, spans, type Tested, type TestReading } from '../../testing/episodes.ts'

type Options = Readonly<Record<string, unknown>>

const lift = (drift: Options, more: Options = {}, place: Partial<Tested> = {}): Tested => ({
  type: 'elevator',
  rule: { condition: { drift }, ...more },
  ...place,
})

const hot = { field: 'motorTemperature', by: 20, days: 3, direction: 'high' }

/** One day: a value reported every other hour, undefined = no readings, a list = one reading per item. */
type Day = number | undefined | readonly number[]

function days(values: readonly Day[], field = 'motorTemperature', from = 0): TestReading[] {
  return values.flatMap((value, day) => {
    const readings =
      value === undefined ? [] : typeof value === 'number' ? Array.from({ length: 12 }, () => value) : value
    return readings.map(
      (one, index): TestReading => ({ hour: 24 * (from + day) + index * 2 + 0.5, values: { [field]: one } }),
    )
  })
}
const silent = (times: number): Day[] => Array.from({ length: times }, () => undefined)
const same = (times: number, value: Day = 40): Day[] => Array.from({ length: times }, () => value)
/** Two weeks of usual days with small differences. */
const usual: readonly number[] = [40, 41, 39, 42, 38, 40, 41, 40, 39, 43, 40, 41, 39, 40, 41]

/** A counter that starts at `start` and grows by the given amount per day, a twelfth with each reading. */
function counter(
  perDay: readonly number[],
  { field = 'tripCount', start = 1000, from = 0 } = {},
): TestReading[] {
  let value = start
  return perDay.flatMap((grown, day) =>
    Array.from({ length: 12 }, (_, index): TestReading => {
      value += grown / 12
      return { hour: 24 * (from + day) + index * 2 + 1.5, values: { [field]: Math.round(value) } }
    }),
  )
}

type Row = readonly [
  name: string,
  tested: Tested,
  readings: readonly TestReading[],
  wanted: readonly string[],
]

const rows: readonly Row[] = [
  ['three days 20 K above the baseline', lift(hot), days([...usual, 61, 62, 61, 61]), ['360 432.5 -']],
  ['not yet at the end of the third', lift(hot), days([...usual, 61, 62, 61]), []],
  ['two of three required days', lift(hot), days([...usual, 61, 62, 40, 61, 62, 40]), []],
  ['19 K above the baseline', lift(hot), days([...usual, ...same(9, 59)]), []],
  ['below the baseline with direction high', lift(hot), days([...usual, ...same(9, 10)]), []],
  [
    'ended by the first normal day',
    lift(hot),
    days([...usual, ...same(5, 61), ...same(3)]),
    ['360 432.5 504.5'],
  ],
  [
    '`clearDays`: ended by the second consecutive normal day',
    lift({ ...hot, clearDays: 2 }),
    days([...usual, ...same(4, 61), 40, 61, 40, 40, 40]),
    ['360 432.5 552.5'],
  ],
  [
    'a lasting deviation does not become normal',
    lift(hot),
    days([...usual, ...same(90, 61)]),
    ['360 432.5 -'],
  ],
  [
    'raises again against the former baseline',
    lift(hot),
    days([...usual, ...same(5, 61), ...same(3), ...same(4, 61)]),
    ['360 432.5 504.5', '552 624.5 -'],
  ],
  [
    'learns single deviating days',
    lift({ ...hot, days: 2, over: '6d', least: '3d' }),
    days([...same(8), 70, 40, 70, 40, 70, 40, 70, 40, 70, 70, 70]),
    [],
  ],
  ['most of the history was already hot', lift(hot), days([...same(3), ...same(20, 61)]), []],
  ['does not learn the first day', lift(hot), days([...same(7), ...same(4, 61)]), []],
  ['raises once half of `over` is learned', lift(hot), days([...same(8), ...same(4, 61)]), ['192 264.5 -']],
  ['`least`', lift({ ...hot, least: '3d' }), days([...same(4), ...same(4, 61)]), ['96 168.5 -']],
  ['hot from the start is normal', lift(hot), days(same(40, 61)), []],
  [
    'a slow rise over months stays normal',
    lift(hot),
    days(Array.from({ length: 60 }, (_, day) => 40 + day)),
    [],
  ],
  [
    'a day without readings does not interrupt the run',
    lift(hot),
    days([...usual, 61, undefined, 62, 61, 61]),
    ['360 456.5 -'],
  ],
  [
    'days without readings do not end the episode',
    lift(hot),
    days([...usual, ...same(5, 61), ...silent(9), 61]),
    ['360 432.5 -'],
  ],
  [
    'a day with too few readings is not evaluated',
    lift(hot),
    days([...usual, 61, 61, [61, 61, 61], [61, 61, 61]]),
    [],
  ],
  [
    'a day with too few readings does not end the episode',
    lift(hot),
    days([...usual, ...same(4, 61), [40, 40, 40], 61]),
    ['360 432.5 -'],
  ],
  [
    'half of the usual hours are enough',
    lift(hot),
    days([...usual, 61, 61, [61, 61, 61, 61, 61, 61], 61]),
    ['360 432.5 -'],
  ],
  [
    'outliers within a day',
    lift(hot),
    days([...usual, ...same(9, [40, 90, 40, 90, 40, 40, 90, 40, 40, 40, 90, 40])]),
    [],
  ],
  ['NaN is no value', lift(hot), days([...usual, ...same(5, Number.NaN)]), []],
  [
    '`max`: one high reading per day is enough',
    lift({ ...hot, perDay: 'max' }),
    days([...usual, ...same(4, [40, 40, 70, 40, 40, 40, 40])]),
    ['360 432.5 -'],
  ],
  [
    '`mean`',
    lift({ ...hot, perDay: 'mean' }),
    days([...usual, ...same(4, [40, 90, 40, 90, 40, 90, 40, 90])]),
    ['360 432.5 -'],
  ],
  [
    'z',
    lift({ field: 'motorTemperature', z: 4, days: 2 }),
    days([...usual, ...same(3, 48.3)]),
    ['360 408.5 -'],
  ],
  ['z: within', lift({ field: 'motorTemperature', z: 4, days: 2 }), days([...usual, ...same(9, 47.9)]), []],
  [
    'z: a constant value',
    lift({ field: 'motorTemperature', z: 4, days: 2 }),
    days([...same(15), ...same(9, 47)]),
    [],
  ],
  [
    'only while `when`',
    lift({ ...hot, when: "carDriveStatus != 'stationary'" }),
    days([...usual, ...same(9, 61)]).map((one) => ({
      ...one,
      values: { ...one.values, carDriveStatus: 'stationary' },
    })),
    [],
  ],
  [
    'trips per day: low',
    lift({ field: 'tripCount', perDay: 'increase', share: 0.5, direction: 'low', days: 2 }),
    counter([...same(15, 240), 100, 100, 100] as number[]),
    ['360 409.5 -'],
  ],
  [
    'trips per day: usual',
    lift({ field: 'tripCount', perDay: 'increase', share: 0.5, direction: 'low', days: 2 }),
    counter([...same(15, 240), 130, 130, 130] as number[]),
    [],
  ],
  [
    'a counter reset to 0 loses at most that hour',
    lift({ field: 'tripCount', perDay: 'increase', share: 0.3, days: 1 }),
    [...counter(same(15, 240) as number[]), ...counter(same(9, 240) as number[], { start: 0, from: 15 })],
    [],
  ],
  [
    'a counter reset within a day',
    lift({ field: 'tripCount', perDay: 'increase', share: 0.3, days: 1 }),
    counter(same(20, 240) as number[]).map((one) =>
      one.hour < 400 ? one : { ...one, values: { tripCount: (one.values.tripCount as number) - 4900 } },
    ),
    [],
  ],
  [
    'a counter back after a week: the increase in between belongs to no day',
    lift({ field: 'tripCount', perDay: 'increase', share: 0.3, days: 1 }),
    [...counter(same(15, 240) as number[]), ...counter(same(4, 240) as number[], { start: 9000, from: 22 })],
    [],
  ],
]

describe('drift', () => {
  test.each(rows)('%s', (_, tested, readings, wanted) => {
    expect(spans(tested, readings)).toEqual(wanted)
  })
  test.each(rows)('with restarts and duplicates: %s', (_, tested, readings, wanted) => {
    const delivery = {
      restarts: [0, 5, 50, 130, 190, 200, 215, 230],
      isDuplicated: (index: number) => index % 3 === 0,
    }
    expect(spans(tested, readings, delivery)).toEqual(wanted)
  })

  test('the evidence has baseline, current value and days', () => {
    const [episode] = episodes(lift(hot), days([...usual, 61, 62, 61, 61]))
    expect(episode?.evidence).toMatchObject({ normal: 40, now: 61, days: 3 })
  })

  test('increase of one counter per increase of another', () => {
    const doors = {
      field: 'doorCycles',
      perDay: 'increase',
      each: 'tripCount',
      factor: 3,
      direction: 'high',
      days: 1,
    }
    const both = (trips: readonly number[], cycles: readonly number[]): TestReading[] => {
      const opened = counter(cycles, { field: 'doorCycles' })
      return counter(trips).map((one, index) => ({
        ...one,
        values: { ...one.values, ...opened[index]?.values },
      }))
    }
    const trips = same(18, 240) as number[]
    const cycles = same(15, 480) as number[]
    expect(spans(lift(doors), both(trips, [...cycles, 1500, 1500, 1500]))).toEqual(['360 385.5 -'])
    expect(spans(lift(doors), both(trips, [...cycles, 1300, 1300, 1300]))).toEqual([])
    const busy = [...(same(15, 240) as number[]), 960, 960, 960]
    expect(spans(lift(doors), both(busy, [...cycles, 1920, 1920, 1920]))).toEqual([])
    const empty = [...(same(15, 240) as number[]), 6, 6, 6]
    expect(spans(lift(doors), both(empty, [...cycles, 480, 480, 480]))).toEqual([])
  })

  test('event count: fewer than half for three days', () => {
    const few: Options = {
      perDay: 'count',
      when: 'occupancy && changed(occupancy)',
      share: 0.5,
      direction: 'low',
      days: 3,
    }
    const tested: Tested = { type: 'motion', rule: { condition: { drift: few } } }
    const moves = (perDay: readonly number[]): TestReading[] =>
      perDay.flatMap((times, day) => {
        const first: TestReading = { hour: day * 24 + 0.2, values: { occupancy: false } }
        const movements = Array.from({ length: times }, (_, index): TestReading[] => [
          { hour: day * 24 + 6 + index / 4, values: { occupancy: true } },
          { hour: day * 24 + 6.1 + index / 4, values: { occupancy: false } },
        ])
        return times < 0 ? [] : [first, ...movements.flat()]
      })
    const normal = [40, 38, 44, 41, 40, 39, 42, 40, 40, 37, 41, 40, 43, 40, 40]
    expect(spans(tested, moves([...normal, 15, 12, 18, 40]))).toEqual(['360 432.2 -'])
    expect(spans(tested, moves([...normal, 15, 12, 18, 40, 40]))).toEqual(['360 432.2 456.2'])
    expect(spans(tested, moves([...normal, 15, 25, 18, 40]))).toEqual([])
    expect(spans(tested, moves([...normal, 0, 0, 0, 0]))).toEqual(['360 432.2 -'])
    // A day without readings is unknown, not quiet.
    expect(spans(tested, moves([...normal, -1, -1, -1, -1, 40]))).toEqual([])
  })

  test('does not begin while muted, but with the first day that is not', () => {
    const tested = lift({ ...hot, days: 1 }, { mute: "carMode == 'inspection'" })
    const modes = (readings: readonly TestReading[], carMode: string): TestReading[] =>
      readings.map((one) => ({ ...one, values: { ...one.values, carMode } }))
    const readings = [
      ...modes(days(usual), 'normal'),
      ...modes(days(same(3, 80), undefined, 15), 'inspection'),
    ]
    expect(spans(tested, readings)).toEqual([])
    expect(spans(tested, [...readings, ...modes(days(same(2, 80), undefined, 18), 'normal')])).toEqual([
      '432 456.5 -',
    ])
  })

  test('ignores the increase of a counter while muted, and evaluates the rest of the day', () => {
    const tested = lift(
      { field: 'tripCount', perDay: 'increase', share: 0.3, days: 1 },
      { mute: "carMode == 'inspection'" },
    )
    const modes = (from: number, to: number): TestReading[] =>
      counter(same(21, 240) as number[]).map((one, index, all) => {
        const muted = one.hour >= from && one.hour < to
        // Inspectors make 1000 more trips, all while muted.
        const rides = one.hour < from ? 0 : Math.min(1000, (one.hour - from + 2) * 500)
        const tripCount = (all[index]?.values.tripCount as number) + rides
        return { ...one, values: { tripCount, carMode: muted ? 'inspection' : 'normal' } }
      })
    const long = modes(24 * 16 + 20, 24 * 18 + 3)
    expect(spans(tested, long)).toEqual([])
    const brief = modes(24 * 16 + 10, 24 * 16 + 15)
    expect(spans(tested, brief)).toEqual([])
    expect(
      spans(
        tested,
        brief.map((one) => ({ ...one, values: { ...one.values, carMode: 'normal' } })),
      ),
    ).toEqual(['384 409.5 433.5'])
  })

  test('uses local days of the site', () => {
    const readings = days([...usual, ...same(5, 61)])
    // In Shanghai the day begins at 16:00 UTC; the hot values begin at 08:30 in the morning there.
    const place = { timeZone: 'Asia/Shanghai' }
    expect(spans(lift({ ...hot, perDay: 'max' }, {}, place), readings)).toEqual(['352 424.5 -'])
  })

  test('a day of 23 or 25 hours is one day', () => {
    const tested = lift(
      { field: 'tripCount', perDay: 'increase', share: 0.3, days: 1 },
      {},
      { timeZone: 'Europe/Berlin' },
    )
    // 2026-03-29 has 23 hours there.
    expect(spans(tested, counter(same(45, 240) as number[]))).toEqual([])
  })

  test('any arrival order within 5 min gives the same episodes across midnight', () => {
    const reading = fc.record({
      value: fc.constantFrom(40, 41, 39, 70, undefined),
      delay: fc.nat(299),
      twice: fc.boolean(),
    })
    const tested = lift({ ...hot, days: 1, over: '4d', least: '2d' })
    const seen = { some: false, none: false }
    fc.assert(
      fc.property(fc.array(reading, { minLength: 40, maxLength: 90 }), (steps) => {
        // Bursts of six around midnight and at noon.
        const readings = steps
          .map(
            ({ value }, index): TestReading => ({
              hour: 12 * Math.floor(index / 6) + ((index % 6) - 3) * 0.02,
              values:
                value === undefined
                  ? { carPosition: 3 }
                  : { motorTemperature: value + (index > 50 ? 25 : 0) },
            }),
          )
          .filter(({ hour }) => hour >= 0)
        const delivery = {
          delay: (index: number) => steps[index]?.delay ?? 0,
          isDuplicated: (index: number) => steps[index]?.twice ?? false,
        }
        const wanted = spans(tested, readings)
        if (wanted.length > 0) seen.some = true
        else seen.none = true
        expect(spans(tested, readings, delivery)).toEqual(wanted)
      }),
      { numRuns: 200, seed: 11 },
    )
    expect(seen).toEqual({ some: true, none: true })
  })

  test.each<[string, Options, string]>([
    ['no limit', { field: 'motorTemperature' }, 'one of z, by, factor or share is needed'],
    ['no field', { by: 20 }, 'needs a field'],
    ['a count without when', { perDay: 'count', z: 3 }, 'perDay: count needs when'],
    ['each without a counter', { ...hot, each: 'tripCount' }, 'each needs perDay: increase'],
    ['a history that is too long', { ...hot, over: '60d' }, 'must be at most 35d'],
    ['an unknown field', { ...hot, field: 'heat' }, 'heat is not a number field'],
  ])('rejects %s', (_, options, wanted) => {
    const result = compileRules([
      ruleText({ applies: { types: ['elevator'] }, condition: { drift: options } }),
    ])
    expect(JSON.stringify(result)).toContain(wanted)
  })
})
