import { describe, expect, test } from 'vitest'
import { createLocation } from '../../expression/location.ts'
import { emptyScope } from '../../expression/scope.ts'
import { spans, type Tested } from '../../testing/episodes.ts'
import { createTimeToVisit, parseTimes } from './planned-visits.ts'

test.each([
  ['06:00,18:00', [6, 18]],
  ['18:30、 6:15', [6.25, 18.5]],
  ['', []],
  ['06:00,noon', []],
  ['24:00', []],
  ['10:75', []],
])('%s', (text, hours) => {
  expect(parseTimes(text)).toEqual(hours)
})

describe('time to the next visit', () => {
  const hourMs = 3_600_000
  const timeToVisit = createTimeToVisit('collectionTimes')
  const location = createLocation({ timeZone: 'Asia/Shanghai', latitude: 31, longitude: 121 })
  const scope = { ...emptyScope(), location, meta: { collectionTimes: '06:00,18:00' } }
  const utc = (hour: number): number => Date.UTC(2026, 2, 1, hour)

  test.each([
    { at: 0, hours: 10 },
    { at: 9, hours: 1 },
    { at: 10, hours: 12 },
    { at: 15, hours: 7 },
  ])('at $at h UTC it is $hours h', ({ at, hours }) => {
    expect(timeToVisit(scope, utc(at), 1) / hourMs).toBeCloseTo(hours)
  })
  test('is 0 while a visit may be late, also across midnight', () => {
    const lateVisits = createTimeToVisit('collectionTimes', 2 * hourMs)
    expect([10, 11.9, 12, 15].map((hour) => lateVisits(scope, utc(hour), 1) / hourMs)).toEqual([0, 0, 10, 7])
    const nightly = { ...scope, meta: { collectionTimes: '23:00' } }
    expect([15, 16.9, 17].map((hour) => lateVisits(nightly, utc(hour), 1) / hourMs)).toEqual([0, 0, 22])
  })
  test('is the fallback when times or location are unknown', () => {
    expect(timeToVisit({ ...scope, meta: {} }, utc(0), 5)).toBe(5)
    expect(timeToVisit({ ...scope, location: undefined }, utc(0), 5)).toBe(5)
    expect(timeToVisit({ ...scope, meta: { collectionTimes: 'daily' } }, utc(0), 5)).toBe(5)
  })
})

test('a bin that is full after the next visit does not raise before it', () => {
  const bin = (meta: Tested['meta'], late = '0s'): Tested => ({
    type: 'bin',
    ...(meta && { meta }),
    rule: {
      condition: {
        forecast: {
          field: 'fillingLevel',
          reaches: 0.8,
          within: '24h',
          until: 'collectionTimes',
          reset: { drop: 0.3 },
          late,
        },
      },
    },
  })
  // 2 % an hour from 20 % at midnight: 80 % after 30 hours.
  const readings = Array.from({ length: 24 }, (_, hour) => ({
    hour,
    values: { fillingLevel: 0.2 + hour * 0.02 },
  }))
  expect(spans(bin(undefined), readings)).toEqual(['6 6 -'])
  expect(spans(bin({ collectionTimes: '06:00,18:00' }), readings)).toEqual(['18 18 -'])
  expect(spans(bin({ collectionTimes: '12:00' }), readings)).toEqual(['12 12 -'])
  expect(spans(bin({ collectionTimes: '12:00' }, '2h'), readings)).toEqual(['14 14 -'])
})
