/** The shipped rules for smoke, gas, water and the health station. */
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../model/device-type.ts'
import { at, device, directoryOf, midnight, type StoryMessage, shipped, story } from '../testing/community.ts'

describe.each([
  ['smoke-alarm', 'smoke', 'smoke', 'critical'],
  ['gas-alarm', 'gas', 'gas', 'critical'],
  ['water-leak', 'waterleak', 'water_leak', 'high'],
] as const)('%s', (rule, type, field, severity) => {
  const home = directoryOf([device('s1', type, { home: 'h1' })])
  const reading = (when: string, values: FieldValues, more: Partial<StoryMessage> = {}): StoryMessage => ({
    device: 's1',
    at: when,
    values,
    ...more,
  })
  const start = (...messages: StoryMessage[]) => story(shipped(rule), home).say(...messages)
  const on = { [field]: true, test: false }
  const off = { [field]: false, test: false }

  test('raises at once, until the device clears it', () => {
    const end = start(
      reading('0m', off),
      reading('1m', on),
      reading('2m', on),
      reading('3m', { rssi: -70 }),
      reading('30m', off),
    )
    expect(end.emitted()).toEqual([`began ${rule}@60`, `ended ${rule}@1800`])
    expect(end.findings[0]?.severity).toBe(severity)
  })
  test('raises with the first message, without a test flag and with a clock ahead', () => {
    expect(start(reading('1m', { [field]: true }, { quality: 'future' })).emitted()).toEqual([
      `began ${rule}@60`,
    ])
  })
  test('stays active while the sensor is offline, and after it returns without the field', () => {
    const end = start(reading('1m', on))
      .tick('60h', 600)
      .say(reading('60h', { rssi: -70 }))
    expect(end.emitted()).toEqual([`began ${rule}@60`])
  })
  test('ignores a self-test', () => {
    expect(start(reading('1m', { [field]: true, test: true }), reading('2m', off)).emitted()).toEqual([])
  })
  test('ignores a test flag that was not reset', () => {
    const sparse = { [field]: true }
    expect(start(reading('0m', { test: true }), reading('5m', sparse), reading('6m', off)).emitted()).toEqual(
      [],
    )
    expect(start(reading('0m', { test: true }), reading('15m', sparse)).emitted()).toEqual([
      `began ${rule}@900`,
    ])
  })
  test('raises an alarm that began during a test when the test ends', () => {
    const end = start(reading('1m', { ...on, test: true }), reading('2m', on))
    expect(end.emitted()).toEqual([`began ${rule}@120`])
  })
  test('raises three separate alarms', () => {
    const end = start(...[1, 2, 3].flatMap((hour) => [reading(`${hour}h`, on), reading(`${hour}h 5m`, off)]))
    expect(end.findings.filter(({ change }) => change === 'began')).toHaveLength(3)
  })
})

const station = device('k1', 'kiosk', { home: 'h1' })
const measured = (when: string, values: FieldValues): StoryMessage => ({ device: 'k1', at: when, values })
const start = (rule: string, persons = 1) => story(shipped(rule), directoryOf([station], { h1: { persons } }))
const pressure = (systolicBloodPressure: number, diastolicBloodPressure: number) => ({
  systolicBloodPressure,
  diastolicBloodPressure,
})

describe('K1 blood pressure', () => {
  test.each([
    [180, 90],
    [150, 120],
    [200, 130],
  ])('raises for %i/%i', (systolic, diastolic) => {
    const end = start('blood-pressure-high').say(measured('1h', pressure(systolic, diastolic)))
    expect(end.emitted()).toEqual(['began blood-pressure-high@3600'])
    expect(end.findings[0]?.severity).toBe('high')
    expect(end.findings[0]?.reason.en).toContain(`${systolic}/${diastolic} mmHg; ask the person`)
  })
  test('clears with the next normal measurement, not by silence', () => {
    const end = start('blood-pressure-high')
      .say(measured('1h', pressure(185, 95)), measured('2h', { rssi: -60 }))
      .tick('30h', 600)
      .say(measured('30h', pressure(150, 95)))
    expect(end.emitted()).toEqual([
      'began blood-pressure-high@3600',
      `ended blood-pressure-high@${30 * 3600}`,
    ])
  })
  test.each([
    [179, 119],
    [120, 80],
  ])('quiet: %i/%i', (systolic, diastolic) => {
    const end = start('blood-pressure-high').say(measured('1h', pressure(systolic, diastolic)))
    expect(end.emitted()).toEqual([])
  })
  test('ignores an incomplete measurement', () => {
    const end = start('blood-pressure-high').say(
      measured('1h', { systolicBloodPressure: Number.NaN, heartRate: 70 }),
    )
    expect(end.emitted()).toEqual([])
  })
})

describe('K2 home average', () => {
  /** Morning and evening for `count` days. */
  const days = (count: number, of: (day: number) => FieldValues): StoryMessage[] =>
    Array.from({ length: count }, (_, day) => day).flatMap((day) => [
      measured(`${day}d 7h`, of(day)),
      measured(`${day}d 19h`, of(day)),
    ])

  test.each([
    ['Systolic', pressure(138, 80), 138],
    ['Diastolic', pressure(128, 87), 87],
  ])('raises for %s with the twelfth reading', (name, values, mean) => {
    const end = start('blood-pressure-average').say(...days(8, () => values))
    expect(end.emitted()).toEqual([`began blood-pressure-average@${(5 * 24 + 19) * 3600}`])
    expect(end.findings[0]).toMatchObject({ severity: 'low', kind: 'welfare' })
    expect(end.findings[0]?.reason.en).toContain(`${name} average ${mean} mmHg in 12 readings over 7 days`)
    expect(end.findings[0]?.startedAt).toBe(midnight)
  })
  test('clears when the mean of the last 7 days is normal again', () => {
    const end = start('blood-pressure-average').say(
      ...days(14, (day) => (day < 7 ? pressure(138, 80) : pressure(124, 78))),
    )
    // Seven days of 141, then 124: the mean is below 135 with two new and five old days.
    expect(end.emitted()).toEqual([
      `began blood-pressure-average@${(5 * 24 + 19) * 3600}`,
      expect.stringMatching(/^ended blood-pressure-average@/),
    ])
    expect(end.findings[1]?.at).toBeGreaterThan(at('7d'))
    expect(end.findings[1]?.at).toBeLessThan(at('10d'))
  })
  test.each([
    ['a high one among normal ones', days(14, (day) => (day === 5 ? pressure(170, 95) : pressure(126, 78)))],
    [
      'one afternoon on which it was measured ten times, and was very high',
      [
        ...days(8, () => pressure(126, 78)),
        ...Array.from({ length: 10 }, (_, i) => measured(`7d ${20 * 60 + i}m`, pressure(190, 110))),
      ],
    ],
    ['eleven readings', days(6, () => pressure(150, 95)).slice(0, 11)],
    [
      'twelve within two days',
      Array.from({ length: 12 }, (_, i) => measured(`${i * 3}h`, pressure(150, 95))),
    ],
    ['twelve within a month', Array.from({ length: 12 }, (_, i) => measured(`${i * 3}d`, pressure(150, 95)))],
  ])('quiet: %s', (_, messages) => {
    expect(
      start('blood-pressure-average')
        .say(...messages)
        .emitted(),
    ).toEqual([])
  })
  test('ignores homes of two people', () => {
    const end = start('blood-pressure-average', 2).say(...days(14, () => pressure(150, 95)))
    expect(end.emitted()).toEqual([])
  })
})

describe('K3 and K4 glucose', () => {
  const glucose = (when: string, bloodGlucose: number) => measured(when, { bloodGlucose, context: 'fasting' })

  test('raises high below 3.9, critical below 3.0, clears at 3.9', () => {
    const end = start('glucose-low').say(
      ...[glucose('1h', 3.9), glucose('2h', 3.8), glucose('3h', 2.9), glucose('4h', 3.4), glucose('5h', 3.9)],
    )
    expect(end.findings.map(({ change, severity }) => `${change} ${severity}`)).toEqual([
      'began high',
      'severity critical',
      'severity high',
      'ended high',
    ])
  })
  test('raises critical at 2.9 at once', () => {
    expect(start('glucose-low').say(glucose('1h', 2.9)).findings[0]?.severity).toBe('critical')
  })
  test('raises medium above 13.9', () => {
    const end = start('glucose-high').say(glucose('1h', 13.9), glucose('2h', 14), glucose('3h', 9))
    expect(end.emitted()).toEqual(['began glucose-high@7200', 'ended glucose-high@10800'])
    expect(end.findings[0]?.severity).toBe('medium')
  })
})

test('texts ask staff to check in both languages and make no diagnosis', () => {
  const ids = ['blood-pressure-high', 'blood-pressure-average', 'glucose-low', 'glucose-high']
  for (const { reason, title } of shipped(...ids).list) {
    expect(reason.zh, title.zh).toMatch(/核实|咨询/)
    expect(reason.en, title.en).toMatch(/check|ask the person|call the person/)
    expect(`${reason.en} ${reason.zh}`).not.toMatch(/hyper|hypo|diabet|高血压|低血糖|糖尿病/i)
  }
})
