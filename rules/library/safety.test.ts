/** The shipped rules of smoke, gas, water and of the health station: who is called, and who is left in peace. */
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../model/device-type.ts'
import { at, device, directoryOf, midnight, type StoryMessage, shipped, story } from '../testing/community.ts'

describe.each([
  ['smoke-alarm', 'smoke', 'smoke', 'critical'],
  ['gas-alarm', 'gas', 'gas', 'critical'],
  ['water-leak', 'waterleak', 'water_leak', 'high'],
] as const)('%s', (rule, type, field, severity) => {
  const home = directoryOf([device('s1', type, { home: 'h1' })])
  const says = (when: string, values: FieldValues, more: Partial<StoryMessage> = {}): StoryMessage => ({
    device: 's1',
    at: when,
    values,
    ...more,
  })
  const tell = (...said: StoryMessage[]) => story(shipped(rule), home).say(...said)
  const on = { [field]: true, test: false }
  const off = { [field]: false, test: false }

  test('at once, until the device says that it is over', () => {
    const end = tell(
      says('0m', off),
      says('1m', on),
      says('2m', on),
      says('3m', { rssi: -70 }),
      says('30m', off),
    )
    expect(end.emitted()).toEqual([`began ${rule}@60`, `ended ${rule}@1800`])
    expect(end.findings[0]?.severity).toBe(severity)
  })
  test('with its first message, without a word about a test, and with a clock that is ahead', () => {
    expect(tell(says('1m', { [field]: true }, { quality: 'future' })).emitted()).toEqual([`began ${rule}@60`])
  })
  test('a sensor that falls silent ends nothing, nor does one that is back without saying so', () => {
    const end = tell(says('1m', on))
      .tick('60h', 600)
      .say(says('60h', { rssi: -70 }))
    expect(end.emitted()).toEqual([`began ${rule}@60`])
  })
  test('a test is no alarm', () => {
    expect(tell(says('1m', { [field]: true, test: true }), says('2m', off)).emitted()).toEqual([])
  })
  test('a test that nobody ended silences nothing for long', () => {
    const sparse = { [field]: true }
    expect(tell(says('0m', { test: true }), says('5m', sparse), says('6m', off)).emitted()).toEqual([])
    expect(tell(says('0m', { test: true }), says('15m', sparse)).emitted()).toEqual([`began ${rule}@900`])
  })
  test('an alarm that begins within a test is told when the test is over', () => {
    const end = tell(says('1m', { ...on, test: true }), says('2m', on))
    expect(end.emitted()).toEqual([`began ${rule}@120`])
  })
  test('three alarms are three', () => {
    const end = tell(...[1, 2, 3].flatMap((hour) => [says(`${hour}h`, on), says(`${hour}h 5m`, off)]))
    expect(end.findings.filter(({ change }) => change === 'began')).toHaveLength(3)
  })
})

const station = device('k1', 'kiosk', { home: 'h1' })
const measured = (when: string, values: FieldValues): StoryMessage => ({ device: 'k1', at: when, values })
const tell = (rule: string, persons = 1) => story(shipped(rule), directoryOf([station], { h1: { persons } }))
const pressure = (systolicBloodPressure: number, diastolicBloodPressure: number) => ({
  systolicBloodPressure,
  diastolicBloodPressure,
})

describe('K1 blood pressure', () => {
  test.each([
    [180, 90],
    [150, 120],
    [200, 130],
  ])('%i/%i is high', (systolic, diastolic) => {
    const end = tell('blood-pressure-high').say(measured('1h', pressure(systolic, diastolic)))
    expect(end.emitted()).toEqual(['began blood-pressure-high@3600'])
    expect(end.findings[0]?.severity).toBe('high')
    expect(end.findings[0]?.reason.en).toContain(`${systolic}/${diastolic} mmHg; ask the person`)
  })
  test('over with the next measurement that is not, not with silence between them', () => {
    const end = tell('blood-pressure-high')
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
    const end = tell('blood-pressure-high').say(measured('1h', pressure(systolic, diastolic)))
    expect(end.emitted()).toEqual([])
  })
  test('quiet: half a measurement that says nothing', () => {
    const end = tell('blood-pressure-high').say(
      measured('1h', { systolicBloodPressure: Number.NaN, heartRate: 70 }),
    )
    expect(end.emitted()).toEqual([])
  })
})

describe('K2 home average', () => {
  /** Morning and evening, for so many days. */
  const days = (count: number, of: (day: number) => FieldValues): StoryMessage[] =>
    Array.from({ length: count }, (_, day) => day).flatMap((day) => [
      measured(`${day}d 7h`, of(day)),
      measured(`${day}d 19h`, of(day)),
    ])

  test.each([
    ['Systolic', pressure(138, 80), 138],
    ['Diastolic', pressure(128, 87), 87],
  ])('%s, with the twelfth reading', (name, values, mean) => {
    const end = tell('blood-pressure-average').say(...days(8, () => values))
    expect(end.emitted()).toEqual([`began blood-pressure-average@${(5 * 24 + 19) * 3600}`])
    expect(end.findings[0]).toMatchObject({ severity: 'low', kind: 'welfare' })
    expect(end.findings[0]?.reason.en).toContain(`${name} average ${mean} mmHg in 12 readings over 7 days`)
    expect(end.findings[0]?.startedAt).toBe(midnight)
  })
  test('over when the mean of the last seven days is right again', () => {
    const end = tell('blood-pressure-average').say(
      ...days(14, (day) => (day < 7 ? pressure(138, 80) : pressure(124, 78))),
    )
    // Seven days from 141 and 124: below 135 when two new days stand against five old ones.
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
  ])('quiet: %s', (_, said) => {
    expect(
      tell('blood-pressure-average')
        .say(...said)
        .emitted(),
    ).toEqual([])
  })
  test('quiet: where two live, it is nobody’s average', () => {
    const end = tell('blood-pressure-average', 2).say(...days(14, () => pressure(150, 95)))
    expect(end.emitted()).toEqual([])
  })
})

describe('K3 and K4 glucose', () => {
  const glucose = (when: string, bloodGlucose: number) => measured(when, { bloodGlucose, context: 'fasting' })

  test('below 3.9 high, below 3.0 critical, over from 3.9', () => {
    const end = tell('glucose-low').say(
      ...[glucose('1h', 3.9), glucose('2h', 3.8), glucose('3h', 2.9), glucose('4h', 3.4), glucose('5h', 3.9)],
    )
    expect(end.findings.map(({ change, severity }) => `${change} ${severity}`)).toEqual([
      'began high',
      'severity critical',
      'severity high',
      'ended high',
    ])
  })
  test('2.9 at once is critical', () => {
    expect(tell('glucose-low').say(glucose('1h', 2.9)).findings[0]?.severity).toBe('critical')
  })
  test('above 13.9 medium', () => {
    const end = tell('glucose-high').say(glucose('1h', 13.9), glucose('2h', 14), glucose('3h', 9))
    expect(end.emitted()).toEqual(['began glucose-high@7200', 'ended glucose-high@10800'])
    expect(end.findings[0]?.severity).toBe('medium')
  })
})

test('what people read is a request to check, in both languages, and names nobody', () => {
  const ids = ['blood-pressure-high', 'blood-pressure-average', 'glucose-low', 'glucose-high']
  for (const { reason, title } of shipped(...ids).list) {
    expect(reason.zh, title.zh).toMatch(/核实|咨询/)
    expect(reason.en, title.en).toMatch(/check|ask the person|call the person/)
    expect(`${reason.en} ${reason.zh}`).not.toMatch(/hyper|hypo|diabet|高血压|低血糖|糖尿病/i)
  }
})
