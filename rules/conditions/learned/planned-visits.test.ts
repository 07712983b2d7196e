import { describe, expect, test } from 'vitest'
import { createLocation } from '../../expression/location.ts'
import { emptyScope } from '../../expression/scope.ts'
import { spans, type Tested } from '../../testing/episodes.ts'
import { createRounds, parseTimes } from './planned-visits.ts'

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

describe('the time until the next round', () => {
  const hourMs = 3_600_000
  const until = createRounds('collectionTimes')
  const location = createLocation({ timeZone: 'Asia/Shanghai', latitude: 31, longitude: 121 })
  const scope = { ...emptyScope(), location, meta: { collectionTimes: '06:00,18:00' } }
  const utc = (hour: number): number => Date.UTC(2026, 2, 1, hour)

  test.each([
    { at: 0, hours: 10 },
    { at: 9, hours: 1 },
    { at: 10, hours: 12 },
    { at: 15, hours: 7 },
  ])('at $at h UTC it is $hours h', ({ at, hours }) => {
    expect(until(scope, utc(at), 1) / hourMs).toBeCloseTo(hours)
  })
  test('one that may be late is waited for, also over midnight, and nothing after it', () => {
    const late = createRounds('collectionTimes', 2 * hourMs)
    expect([10, 11.9, 12, 15].map((hour) => late(scope, utc(hour), 1) / hourMs)).toEqual([0, 0, 10, 7])
    const nightly = { ...scope, meta: { collectionTimes: '23:00' } }
    expect([15, 16.9, 17].map((hour) => late(nightly, utc(hour), 1) / hourMs)).toEqual([0, 0, 22])
  })
  test('otherwise when nobody has told it', () => {
    expect(until({ ...scope, meta: {} }, utc(0), 5)).toBe(5)
    expect(until({ ...scope, location: undefined }, utc(0), 5)).toBe(5)
    expect(until({ ...scope, meta: { collectionTimes: 'daily' } }, utc(0), 5)).toBe(5)
  })
})

test('full tomorrow is early enough for a round this evening', () => {
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
  const told = Array.from({ length: 24 }, (_, hour) => ({
    hour,
    values: { fillingLevel: 0.2 + hour * 0.02 },
  }))
  expect(spans(bin(undefined), told)).toEqual(['6 6 -'])
  expect(spans(bin({ collectionTimes: '06:00,18:00' }), told)).toEqual(['18 18 -'])
  expect(spans(bin({ collectionTimes: '12:00' }), told)).toEqual(['12 12 -'])
  expect(spans(bin({ collectionTimes: '12:00' }, '2h'), told)).toEqual(['14 14 -'])
})
