import { describe, expect, test } from 'vitest'
import { commonTelemetry } from '../../../model/device-type.ts'
import { deviceTypes } from '../../../model/devices/table.ts'
import { dateTimeText, elapsedText, isShare, roughDuration, valueText } from './format.ts'

const words = { yes: '是', no: '否', unknown: '未知', none: '无' }
const label = { zh: '项', en: 'Field' }
const zh = { language: 'zh', words } as const
const fieldOf = (type: string, name: string) => deviceTypes.get(type)?.telemetry[name]

describe('durations', () => {
  test.each([
    { ms: -5, zh: '00:00', en: '00:00' },
    { ms: 59_999, zh: '00:59', en: '00:59' },
    { ms: 3_599_999, zh: '59:59', en: '59:59' },
    { ms: 3_600_000, zh: '1时00分', en: '1h 00m' },
    { ms: 30 * 3_600_000, zh: '30时00分', en: '30h 00m' },
    { ms: 48 * 3_600_000, zh: '2天', en: '2 d' },
  ])('$ms ms: $zh / $en', ({ ms, zh: chinese, en }) => {
    expect(elapsedText(ms, 'zh')).toBe(chinese)
    expect(elapsedText(ms, 'en')).toBe(en)
  })

  test.each([
    { ms: 59_999, want: { unit: 'seconds', n: 59 } },
    { ms: 60_000, want: { unit: 'minutes', n: 1 } },
    { ms: 47.9 * 3_600_000, want: { unit: 'hours', n: 47 } },
    { ms: 48 * 3_600_000, want: { unit: 'days', n: 2 } },
  ])('$ms ms is about $want', ({ ms, want }) => {
    expect(roughDuration(ms)).toEqual(want)
  })

  test('adds the date for another day', () => {
    const noon = new Date(2026, 2, 1, 12).getTime()
    expect(dateTimeText(noon, noon + 60_000, 'en')).toBe('12:00:00')
    expect(dateTimeText(noon, noon + 24 * 3_600_000, 'en')).toBe('1 Mar 12:00')
  })
})

describe('values', () => {
  test.each([
    { field: fieldOf('streetlight', 'powerConsumption'), value: 41.234, want: '41.2 W' },
    { field: fieldOf('bin', 'fillingLevel'), value: 0.835, want: '83.5 %' },
    { field: fieldOf('streetlight', 'powerFactor'), value: -0.3, want: '-0.3' },
    { field: commonTelemetry.batteryLevel, value: -1, want: '未知' },
    { field: commonTelemetry.batteryLevel, value: 0.04, want: '4 %' },
    { field: fieldOf('door', 'contact'), value: false, want: '开' },
    { field: { kind: 'boolean', label } as const, value: false, want: '否' },
    { field: fieldOf('streetlight', 'status'), value: 'defectiveLamp', want: '灯具故障' },
    { field: fieldOf('streetlight', 'status'), value: 'toString', want: 'toString' },
    { field: { kind: 'string', label, maxLength: 9 } as const, value: 'west', want: 'west' },
    { field: fieldOf('elevator', 'tripCount'), value: 1_284_553, want: '1,284,553' },
    { field: fieldOf('elevator', 'carPosition'), value: 7, want: '7 层' },
    {
      field: fieldOf('elevator', 'faultSignals'),
      value: ['position-lost', 'start-failure'],
      want: '轿厢位置丢失、启动失败',
    },
    { field: fieldOf('elevator', 'faultSignals'), value: [], want: '无' },
    { field: undefined, value: '<img src=x>', want: '<img src=x>' },
  ])('$value: $want', ({ field, value, want }) => {
    expect(valueText(field, value, zh)).toBe(want)
  })

  test.each([
    { field: fieldOf('elevator', 'carDoorStatus'), value: 'limited-opened', want: 'Partly open' },
    { field: fieldOf('elevator', 'passengerPresence'), value: true, want: 'Occupied' },
    {
      field: fieldOf('elevator', 'faultSignals'),
      value: ['start-failure', 'door-closing-fault'],
      want: 'Failure to start, door closing fault',
    },
  ])('in English $value: $want, capitalised', ({ field, value, want }) => {
    expect(valueText(field, value, { ...zh, language: 'en' })).toBe(want)
  })

  test('a light level is a share, a power factor is not', () => {
    const names = ['powerFactor', 'illuminanceLevel'].map((name) => fieldOf('streetlight', name))
    expect(names.map((field) => field && isShare(field))).toEqual([false, true])
  })
})
