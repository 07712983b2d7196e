import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Alert } from '../../model/alert.ts'
import { alertBands, bucketWidth, findGaps } from './history-view.ts'

const minute = 60_000
const hour = 60 * minute

describe('bucket width', () => {
  test.each([
    ['ten minutes in 720 points', 10 * minute, 720, 0],
    ['an hour', hour, 720, 10_000],
    ['a day', 24 * hour, 720, 2 * minute],
    ['a week', 7 * 24 * hour, 720, 15 * minute],
    ['a year', 365 * 24 * hour, 720, 24 * hour],
    ['two years in one point', 730 * 24 * hour, 1, 730 * 24 * hour],
  ])('%s', (_name, span, points, expected) => {
    expect(bucketWidth(span, points)).toBe(expected)
  })

  test('never more buckets than points, and whole hours above one hour', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 800 * 24 * hour }),
        fc.integer({ min: 1, max: 5000 }),
        (span, points) => {
          const width = bucketWidth(span, points)
          if (width > 0) expect(Math.ceil(span / width)).toBeLessThanOrEqual(points)
          if (width > hour) expect(width % hour).toBe(0)
        },
      ),
    )
  })
})

describe('gaps', () => {
  const at = (...times: number[]) => times.map((time) => ({ at: time, value: 1 }))

  test('before, between and after the data; not within the usual silence', () => {
    const query = { from: 0, to: 3 * hour, bucket: 0, power: 'mains' } as const
    const points = at(hour, hour + 9 * minute, hour + 18 * minute, 2 * hour)
    expect(findGaps(points, query)).toEqual([
      { from: 0, to: hour },
      { from: hour + 18 * minute, to: 2 * hour },
      { from: 2 * hour, to: 3 * hour },
    ])
    expect(findGaps(points, { ...query, power: 'battery' })).toEqual([])
  })

  test('a bucket covers its whole width, and wide buckets are not gaps', () => {
    const query = { from: 0, to: 6 * hour, bucket: hour, power: 'mains' } as const
    expect(findGaps(at(0, hour, 2 * hour, 3 * hour, 4 * hour, 5 * hour), query)).toEqual([])
    expect(findGaps(at(0, 4 * hour, 5 * hour), query)).toEqual([{ from: hour, to: 4 * hour }])
  })

  test('no data at all is one gap, unless the span is short', () => {
    const query = { from: 5, to: 5 + hour, bucket: 0, power: 'mains' } as const
    expect(findGaps([], query)).toEqual([{ from: 5, to: 5 + hour }])
    expect(findGaps([], { ...query, to: 5 + minute })).toEqual([])
  })
})

test('bands in time order, without retracted alerts', () => {
  const alert = (id: string, raisedAt: number, retracted = false) =>
    ({ id, raisedAt, clearedAt: null, severity: 'high', retracted }) as Alert
  expect(
    alertBands([alert('b', 2), alert('retracted', 1, true), alert('a', 1)]).map((band) => band.alertId),
  ).toEqual(['a', 'b'])
})
