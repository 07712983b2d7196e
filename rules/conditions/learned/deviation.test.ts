/** Periods unlike the same periods before: when it raises, when not, and independence of arrival order and restarts. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileRules } from '../../compile/compile-rules.ts'
import { ruleText } from '../../testing/community.ts'
import { episodes, spans, type Tested, type TestReading } from '../../testing/episodes.ts'

type Options = Readonly<Record<string, unknown>>

const lift = (deviation: Options, more: Options = {}, place: Partial<Tested> = {}): Tested => ({
  type: 'elevator',
  rule: { condition: { deviation } },
  ...place,
  ...more,
})

const trips = { field: 'tripCount', counter: true, z: 3.5 }
const fewer = { ...trips, direction: 'low', atLeast: 5 }
const none = { field: 'tripCount', counter: true, per: '2h', below: 0, atLeast: 5, direction: 'low' }

/** Trips in an hour of a usual day, with small differences between days; day 0 is a Sunday. */
function usual(day: number, hour: number): number {
  const isWeekend = day % 7 === 0 || day % 7 === 6
  const busy = hour >= 7 && hour < 21
  if (!busy) return (day + hour) % 5 === 0 ? 4 : 0
  return (isWeekend ? 12 : 60) + 4 * ((day * 7 + hour * 3) % 3)
}

type Change = (day: number, hour: number, trips: number) => number | undefined
const asUsual: Change = (_, __, count) => count

/** A reading every quarter of an hour; `change` replaces the trips of an hour, undefined = no readings. */
function traffic(days: number, change: Change = asUsual): TestReading[] {
  const readings: TestReading[] = []
  let count = 500
  for (let hour = 0; hour < days * 24; hour += 1) {
    const made = change(Math.floor(hour / 24), hour % 24, usual(Math.floor(hour / 24), hour % 24))
    for (let quarter = 0; quarter < 4; quarter += 1) {
      count += (made ?? 0) / 4
      if (made !== undefined)
        readings.push({ hour: hour + quarter / 4 + 0.2, values: { tripCount: Math.round(count) } })
    }
  }
  return readings
}

/** Applies `change` from hour `from` of the story for `hours` hours. */
const during =
  (from: number, hours: number, change: Change): Change =>
  (day, hour, count) =>
    day * 24 + hour >= from && day * 24 + hour < from + hours ? change(day, hour, count) : count

/** Midnight before Monday of the fourth week. */
const monday = 22 * 24
const dead: Change = () => 0
const silent: Change = () => undefined

type Row = readonly [
  name: string,
  tested: Tested,
  readings: readonly TestReading[],
  wanted: readonly string[],
]

const rows: readonly Row[] = [
  ['usual days only', lift(trips), traffic(35), []],
  ['an hour without trips', lift(fewer), traffic(23, during(monday + 9, 1, dead)), ['537 538.2 539.2']],
  [
    'several hours: one episode, ended by the first normal hour',
    lift(fewer),
    traffic(23, during(monday + 9, 6, dead)),
    ['537 538.2 544.2'],
  ],
  [
    'stays open over the night, where nothing is usual',
    lift(fewer),
    traffic(24, during(monday + 15, 24, dead)),
    ['543 544.2 568.2'],
  ],
  [
    '30 % less does not deviate enough',
    lift(fewer),
    traffic(
      23,
      during(monday + 9, 6, (_, __, count) => count * 0.7),
    ),
    [],
  ],
  [
    'more trips with direction low',
    lift(fewer),
    traffic(
      23,
      during(monday + 9, 6, () => 400),
    ),
    [],
  ],
  [
    'more trips with direction high',
    lift({ ...trips, direction: 'high' }),
    traffic(
      23,
      during(monday + 9, 2, () => 120),
    ),
    ['537 538.2 540.2'],
  ],
  [
    'three trips instead of none at night are not enough',
    lift(trips),
    traffic(
      23,
      during(monday + 1, 4, () => 3),
    ),
    [],
  ],
  ['not before two weeks are learned', lift(fewer), traffic(13, during(9 * 24 + 9, 60, dead)), []],
  [
    'as soon as two weeks are learned',
    lift(fewer),
    traffic(16, during(15 * 24 + 9, 2, dead)),
    ['369 370.2 372.2'],
  ],
  ['`least`', lift({ ...fewer, least: '7d' }), traffic(13, during(9 * 24 + 9, 2, dead)), ['225 226.2 228.2']],
  [
    'two consecutive hours',
    lift({ ...fewer, running: 2 }),
    traffic(23, during(monday + 9, 6, dead)),
    ['537 539.2 544.2'],
  ],
  ['one of two required hours', lift({ ...fewer, running: 2 }), traffic(23, during(monday + 9, 1, dead)), []],
  [
    'ended by the second consecutive normal hour',
    lift({ ...fewer, clearRunning: 2 }),
    traffic(
      23,
      during(monday + 9, 6, (_, hour) => (hour === 11 ? 60 : 0)),
    ),
    ['537 538.2 545.2'],
  ],
  ['hours without readings are unknown', lift(fewer), traffic(23, during(monday + 9, 6, silent)), []],
  [
    'hours without readings end nothing',
    lift(fewer),
    traffic(
      23,
      during(monday + 9, 8, (_, hour) => (hour < 12 ? 0 : undefined)),
    ),
    ['537 538.2 547.2'],
  ],
  [
    'a lasting deviation does not become normal',
    lift(fewer),
    traffic(90, during(monday + 9, 99_999, dead)),
    ['537 538.2 -'],
  ],
  [
    'a Friday habit',
    lift(trips),
    traffic(40, (day, hour, count) => (day % 7 === 5 && hour === 16 ? 150 : count)),
    [],
  ],
  [
    'a holiday that resembles a Sunday, with days any',
    lift({ ...fewer, days: 'any' }),
    traffic(
      23,
      during(monday, 24, (_, hour) => usual(21, hour)),
    ),
    [],
  ],
  [
    'a dead lift, with days any',
    lift({ ...fewer, below: 0, days: 'any' }),
    traffic(23, during(monday + 9, 3, dead)),
    ['537 538.2 541.2'],
  ],
  [
    'a holiday, without days any',
    lift(fewer),
    traffic(
      23,
      during(monday + 9, 3, (_, hour) => usual(21, hour)),
    ),
    ['537 538.2 541.2'],
  ],
  ['no trips in two hours', lift(none), traffic(23, during(monday + 8, 4, dead)), ['536 538.2 542.2']],
  [
    'a few trips in two hours',
    lift(none),
    traffic(
      23,
      during(monday + 8, 4, () => 1),
    ),
    [],
  ],
  ['no trips at night', lift(none), traffic(23, during(monday, 6, dead)), []],
]

describe('deviation', () => {
  test.each(rows)('%s', (_, tested, readings, wanted) => {
    expect(spans(tested, readings)).toEqual(wanted)
  })
  test.each(rows)('with restarts and duplicates: %s', (_, tested, readings, wanted) => {
    const delivery = {
      restarts: [0, 5, 700, 1500, 2150, 2153, 2160, 2200],
      isDuplicated: (index: number) => index % 3 === 0,
    }
    expect(spans(tested, readings, delivery)).toEqual(wanted)
  })

  test('the evidence has baseline, current value and hours', () => {
    const [episode] = episodes(lift({ ...fewer, running: 2 }), traffic(23, during(monday + 9, 6, dead)))
    expect(episode?.evidence).toMatchObject({ normal: 64, now: 0, hours: 2 })
    expect(episode?.evidence.z).toBeLessThan(-3.5)
  })

  test('compares the mean of the readings that match `when`', () => {
    const warm = { field: 'motorTemperature', z: 3.5, when: "carDriveStatus == 'stationary'" }
    const readings = (hot: number, carDriveStatus: string): TestReading[] =>
      Array.from({ length: 23 * 96 }, (_, index): TestReading => {
        const hour = index / 4
        const isHot = hour >= monday + 9 && hour < monday + 11
        const motorTemperature =
          40 + 5 * Math.sin((hour / 12) * Math.PI) + ((index * 7) % 3) + (isHot ? hot : 0)
        return {
          hour: hour + 0.1,
          values: { motorTemperature, carDriveStatus: isHot ? carDriveStatus : 'stationary' },
        }
      })
    expect(spans(lift(warm), readings(0, 'stationary'))).toEqual([])
    expect(spans(lift(warm), readings(25, 'stationary'))).toEqual(['537 538.1 540.1'])
    expect(spans(lift(warm), readings(25, 'rated-speed'))).toEqual([])
  })

  test('ignores the increase of a counter while muted', () => {
    const busy = during(monday + 9.5, 2, (_, __, count) => count * 6)
    const readings = traffic(23, busy).map((one): TestReading => {
      const muted = one.hour >= monday + 9.5 && one.hour < monday + 12
      return { ...one, values: { ...one.values, carMode: muted ? 'inspection' : 'normal' } }
    })
    const mute = { mute: "carMode == 'inspection'" }
    const tested = (more: Options): Tested => ({
      ...lift(trips),
      rule: { condition: { deviation: trips }, ...more },
    })
    expect(spans(tested(mute), readings)).toEqual([])
    expect(spans(tested({}), readings)).not.toEqual([])
  })

  test('uses local hours of the site', () => {
    const tested = lift(fewer, {}, { timeZone: 'Asia/Kathmandu' })
    // 5:45 ahead of UTC: local hours begin at a quarter past. Deviates from 09:00 UTC to 13:00 UTC.
    expect(spans(tested, traffic(23, during(monday + 9, 4, dead)))).toEqual(['537.25 538.45 542.45'])
  })

  test('does not evaluate the repeated or the missing hour of a clock change', () => {
    const tested = lift(trips, {}, { timeZone: 'Europe/London' })
    // Summer time began there on 2026-03-29, day 28, at 01:00; traffic follows local time from then on.
    const readings = traffic(40, (day, hour) => usual(day, day >= 28 ? (hour + 1) % 24 : hour))
    expect(spans(tested, readings)).toEqual([])
  })

  test('a counter reset does not deviate', () => {
    const stood = traffic(23).findLast((one) => one.hour < monday + 9.5)?.values.tripCount as number
    const readings = traffic(23).map((one) =>
      one.hour < monday + 9.5
        ? one
        : { ...one, values: { tripCount: (one.values.tripCount as number) - stood } },
    )
    expect(Math.min(...readings.map((one) => one.values.tripCount as number))).toBeLessThan(20)
    expect(spans(lift(trips), readings)).toEqual([])
  })

  test('any arrival order within 5 min gives the same episodes across hour boundaries', () => {
    const reading = fc.record({
      grows: fc.constantFrom(0, 0, 3, 6, -500),
      delay: fc.nat(299),
      twice: fc.boolean(),
    })
    const tested = lift({ ...trips, z: 4, least: '0h', atLeast: 0 })
    const seen = { some: false, none: false }
    fc.assert(
      fc.property(fc.array(reading, { minLength: 120, maxLength: 200 }), (steps) => {
        let count = 1000
        // Bursts of six around the same hours on many days.
        const readings = steps.map(({ grows }, index): TestReading => {
          count = Math.max(0, count + grows)
          const burst = Math.floor(index / 6)
          return {
            hour: 24 * (burst >> 1) + 9 + (burst & 1) + ((index % 6) - 3) * 0.02,
            values: { tripCount: count },
          }
        })
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
    ['no limit', { field: 'tripCount' }, 'one of below, z, by, factor or share is needed'],
    ['below without atLeast', { field: 'tripCount', below: 0 }, 'below needs atLeast'],
    ['a period of half an hour', { ...trips, per: '30m' }, 'must be 1, 2, 3'],
    ['a counter with when', { ...trips, when: 'passengerAlarm' }, 'when cannot be used with a counter'],
    ['an unknown field', { ...trips, field: 'journeys' }, 'journeys is not a number field'],
  ])('rejects %s', (_, options, wanted) => {
    const result = compileRules([
      ruleText({ applies: { types: ['elevator'] }, condition: { deviation: options } }),
    ])
    expect(JSON.stringify(result)).toContain(wanted)
  })
})
