import { describe, expect, test } from 'vitest'
import { deviceTypes } from '../../../../model/devices/table.ts'
import { chartColumns, chartRows, defaultField, valueRange } from './chart-data.ts'

const fieldOf = (type: string, name: string) => deviceTypes.get(type)?.telemetry[name]
const columns = (
  points: Parameters<typeof chartColumns>[0]['points'],
  type: string,
  name: string,
  gaps: { from: number; to: number }[] = [],
) => chartColumns({ points, gaps }, fieldOf(type, name))

describe('chartColumns', () => {
  test('a gap interrupts the curve after its last point', () => {
    const points = [1_000, 2_000, 9_000].map((at) => ({ at, value: at / 1000, min: 0, max: 10 }))
    const { x, y, low } = columns(points, 'streetlight', 'powerConsumption', [{ from: 2_000, to: 9_000 }])
    expect(x).toEqual([1, 2, 2, 9])
    expect(y).toEqual([1, 2, null, 9])
    expect(low).toEqual([0, 0, null, 0])
  })

  test('shares are drawn in per cent', () => {
    expect(columns([{ at: 0, value: 0.5, min: 0.25, max: 1 }], 'bin', 'fillingLevel')).toMatchObject({
      y: [50],
      low: [25],
      high: [100],
      words: null,
    })
  })

  test('a counter shows its increase when points have one', () => {
    const points = [
      { at: 0, value: 100, increase: 3, min: 98, max: 101 },
      { at: 1_000, value: 104, increase: 4 },
    ]
    expect(columns(points, 'elevator', 'tripCount')).toMatchObject({
      y: [3, 4],
      low: [null, null],
      increase: true,
    })
  })

  test('floors and counts have whole numbers on the axis', () => {
    expect(columns([{ at: 0, value: 3 }], 'elevator', 'carPosition').whole).toBe(true)
    expect(columns([{ at: 0, value: 3 }], 'elevator', 'carSpeed').whole).toBe(false)
  })

  test('words keep the order of the field description; unknown ones follow', () => {
    const points = ['off', 'on', 'zzz', 'low'].map((value, at) => ({ at, value }))
    expect(columns(points, 'streetlight', 'powerState')).toMatchObject({
      words: ['on', 'off', 'low', 'zzz'],
      y: [1, 0, 3, 2],
    })
  })

  test('boolean fields have both values on the axis', () => {
    expect(columns([{ at: 0, value: true }], 'door', 'contact')).toMatchObject({
      words: ['true', 'false'],
      y: [0],
    })
  })
})

test('the table contains points and gaps, newest first', () => {
  const points = [
    { at: 1, value: 1 },
    { at: 9, value: 2 },
  ]
  expect(chartRows({ points, gaps: [{ from: 2, to: 8 }] }).map((row) => [row.at, row.until])).toEqual([
    [9, undefined],
    [2, 8],
    [1, undefined],
  ])
})

describe('valueRange', () => {
  test.each([
    { low: null, high: null, want: [0, 1] },
    { low: 0, high: 0, want: [0, 1] },
    { low: 100, high: 100, want: [90, 110] },
    { low: -50, high: -50, want: [-55, -45] },
    { low: 1, high: 101, want: [0, 109] },
    { low: -10, high: 90, want: [-18, 98] },
  ])('$low to $high: $want', ({ low, high, want }) => {
    expect(valueRange(low, high)).toEqual(want)
  })

  test('a constant whole number has a range of one on each side', () => {
    expect(valueRange(3, 3, true)).toEqual([2, 4])
  })

  test('values that differ by rounding errors count as constant', () => {
    const [low, high] = valueRange(36, 36.00000000000001)
    expect(high - low).toBeGreaterThan(1)
  })
})

describe('firstField', () => {
  const fields = Object.entries(deviceTypes.get('streetlight')?.telemetry ?? {})
  test.each([
    { likely: ['minutes', 'powerState', 'powerConsumption'], want: 'powerConsumption' },
    { likely: ['powerState'], want: 'powerState' },
    { likely: [], want: 'illuminanceLevel' },
  ])('$likely: $want', ({ likely, want }) => {
    expect(defaultField(fields, likely)).toBe(want)
  })

  test('empty for a device without fields', () => {
    expect(defaultField([], ['x'])).toBe('')
  })
})
