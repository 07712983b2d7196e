/** Local time against the time zone data of the runtime at every kind of change, and the sun at known instants. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLocation, createLocations } from './location.ts'

const zones = [
  'Asia/Shanghai',
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'UTC',
]
const nowhere = { timeZone: undefined, latitude: undefined, longitude: undefined }

describe('local time', () => {
  test('is that of the zone, at any instants in any order', () => {
    const instant = fc.integer({ min: Date.UTC(1975, 0, 1), max: Date.UTC(2060, 0, 1) })
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.array(instant, { minLength: 1 }), (timeZone, instants) => {
        const location = createLocation({ ...nowhere, timeZone })
        for (const ts of instants.flatMap((one) => [one, one + 1, one - 3_600_000])) {
          const zoned = Temporal.Instant.fromEpochMilliseconds(ts).toZonedDateTimeISO(timeZone)
          const { hour, minute, second, millisecond } = zoned
          const hours = hour + minute / 60 + second / 3600 + millisecond / 3_600_000
          expect(location.localHour(ts)).toBeCloseTo(hours, 6)
          expect(location.dayOfWeek(ts)).toBe(zoned.dayOfWeek)
          expect(location.offset(ts)).toBe(zoned.offsetNanoseconds / 1e6)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('around a change of the clocks, to the millisecond, from both sides', () => {
    const spring = Date.UTC(2026, 2, 29, 1)
    const order = [spring - 1, spring, spring + 1, spring, spring - 1]
    const location = createLocation({ ...nowhere, timeZone: 'Europe/London' })
    expect(order.map((ts) => location.offset(ts))).toEqual([0, 3_600_000, 3_600_000, 3_600_000, 0])
  })

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 1e15])('is unknown at %d', (ts) => {
    const location = createLocation({ timeZone: 'Asia/Shanghai', latitude: 31.2, longitude: 121.5 })
    expect([location.localHour(ts), location.dayOfWeek(ts), location.localDay(ts)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(location.sunElevation(ts)).toBeUndefined()
  })

  test('without a site nothing is known', () => {
    const location = createLocation(nowhere)
    expect([location.localHour(0), location.sunElevation(0)]).toEqual([undefined, undefined])
  })
})

describe('the sun', () => {
  // Shanghai on the June solstice of 2026: sunrise 04:50, noon at 81.9 degrees (90 - 31.23 + 23.44 with refraction), sunset 19:01.
  const shanghai = createLocation({ timeZone: 'Asia/Shanghai', latitude: 31.23, longitude: 121.47 })
  test.each([
    ['midnight', Date.UTC(2026, 5, 20, 16), -35.3],
    ['sunrise', Date.UTC(2026, 5, 20, 20, 50), -0.3],
    ['noon', Date.UTC(2026, 5, 21, 3, 56), 82.2],
    ['sunset', Date.UTC(2026, 5, 21, 11, 1), -0.3],
  ])('at %s', (_, ts, expected) => {
    expect(Math.abs((shanghai.sunElevation(ts) ?? Number.NaN) - expected)).toBeLessThan(0.6)
  })
})

test('neighbours share a location, others do not', () => {
  const locationOf = createLocations()
  const one = locationOf({ timeZone: 'UTC', latitude: 50.001, longitude: 4.001 })
  expect(locationOf({ timeZone: 'UTC', latitude: 50.002, longitude: 4.002 })).toBe(one)
  expect(locationOf({ timeZone: 'UTC', latitude: 50.02, longitude: 4 })).not.toBe(one)
  expect(locationOf({ timeZone: 'Asia/Shanghai', latitude: 50, longitude: 4 })).not.toBe(one)
})
