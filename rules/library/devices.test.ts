/** The shipped rules about devices: clocks, values, connections and sequence numbers. */
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../model/device-type.ts'
import { device, directoryOf, midnight, type StoryMessage, shipped, story } from '../testing/community.ts'

const lamp = device('l1', 'streetlight', { meta: { powerRating: 60 } })
const lift = device('lift1', 'elevator')
const lit: FieldValues = { powerState: 'on', powerConsumption: 58.2 }
const reading = (at: string, more: Partial<StoryMessage> = {}): StoryMessage => ({
  device: 'l1',
  at,
  values: lit,
  ...more,
})
const minutes = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step)
const start = (...rules: string[]) => story(shipped(...rules), directoryOf([lamp, lift]))
const startLamp = (...rules: string[]) => story(shipped(...rules), directoryOf([lamp]))
const h = 3600

describe('D3 clock', () => {
  /** Received at `minute`, with a clock that is wrong by `offset`. */
  const off = (minute: number, by: string, quality: StoryMessage['quality']): StoryMessage =>
    reading(quality === 'late' ? `${minute}m ${by}` : `${minute}m`, { receivedAt: `${minute}m`, quality })
  const right = (minute: number): StoryMessage => reading(`${minute}m`)

  test('raises once after 10 min ahead, clears with the third correct message', () => {
    const end = start('clock-wrong')
      .say(...minutes(0, 20).map((minute) => off(minute, '', 'future')))
      .say(...[21, 22, 23, 24].map(right))
    expect(end.emitted()).toEqual(['began clock-wrong@600', `ended clock-wrong@${23 * 60}`])
    expect(end.findings[0]?.reason.en).toContain('ahead')
  })
  test('keeps one alert while a clock jumps back and forth', () => {
    const end = start('clock-wrong').say(
      ...minutes(0, 40).map((minute) =>
        minute > 12 && minute % 3 === 0 ? right(minute) : off(minute, '', 'future'),
      ),
    )
    expect(end.emitted()).toEqual(['began clock-wrong@600'])
  })
  test.each([
    ['two messages', [0, 30].map((minute) => off(minute, '', 'future'))],
    [
      'single wrong messages between correct ones',
      minutes(0, 60).map((m) => (m % 2 ? right(m) : off(m, '', 'future'))),
    ],
    [
      'a day that is sent later, in one burst of twenty minutes',
      minutes(0, 20).map((minute) => off(minute, `-48h ${minute * 60}m`, 'late')),
    ],
    [
      'what is sent later every hour, between live ones',
      minutes(0, 240, 5).map((m) => (m % 60 < 10 ? right(m) : off(m, `-100h ${6 * m}m`, 'late'))),
    ],
  ])('quiet: %s', (_, messages) => {
    expect(
      start('clock-wrong')
        .say(...messages)
        .emitted(),
    ).toEqual([])
  })
  test('raises if always behind by the same time', () => {
    const end = start('clock-wrong').say(...minutes(0, 30).map((minute) => off(minute, '-72h', 'late')))
    expect(end.emitted()).toEqual(['began clock-wrong@600'])
    expect(end.findings[0]?.reason.en).toContain('72 h behind')
  })
  test('ignores statuses and messages without a time', () => {
    const status: StoryMessage = { device: 'l1', at: '0s', kind: 'status', values: { state: 'online' } }
    const messages = minutes(0, 12).flatMap((minute) => [
      off(minute, '', 'future'),
      { ...status, at: `${minute}m 10s` },
      reading(`${minute}m 20s`, { quality: 'unset' }),
    ])
    expect(
      start('clock-wrong')
        .say(...messages)
        .emitted(),
    ).toEqual(['began clock-wrong@600'])
  })

  test('evaluates a lift with a clock three days behind again after 10 min', () => {
    const trapped = {
      carMode: 'normal',
      carDriveStatus: 'stationary',
      carDoorZone: false,
      carDoorStatus: 'closed',
      passengerPresence: true,
    }
    const free = { ...trapped, carDoorZone: true, carDoorStatus: 'opened', passengerPresence: false }
    const car = (second: number, values: FieldValues): StoryMessage => ({
      device: 'lift1',
      at: `-72h ${second}s`,
      receivedAt: `${second}s`,
      quality: 'late',
      values,
    })
    const end = start('entrapment-between-floors')
    for (let second = 0; second < 900; second += 10)
      end.say(car(second, second >= 700 && second < 800 ? trapped : free))
    expect(end.emitted()).toEqual([
      'began entrapment-between-floors@745',
      'ended entrapment-between-floors@800',
    ])
  })
})

describe('D3 hub clock', () => {
  const lamps = Array.from({ length: 20 }, (_, index) => device(`n${index}`, 'streetlight'))
  /** A message per minute from each lamp; an hour ahead where `wrong` is true. */
  const say = (to: number, wrong: (lamp: number, minute: number) => boolean) =>
    story(shipped('hub-clock-wrong', 'clock-wrong'), directoryOf(lamps)).say(
      ...minutes(0, to).flatMap((minute) =>
        lamps.map(({ id }, index) =>
          reading(`${minute}m`, { device: id, quality: wrong(index, minute) ? 'future' : 'live' }),
        ),
      ),
    )
  const ofHub = (changes: readonly string[]) => changes.filter((one) => one.includes('hub-clock'))

  test('raises one alert that inhibits the others when a third disagree, clears when they agree', () => {
    const end = say(60, (lamp, minute) => lamp < 8 && minute < 40)
    expect(ofHub(end.emitted())).toEqual(['began hub-clock-wrong@600', `ended hub-clock-wrong@${40 * 60}`])
    const began = end.findings.find(({ rule }) => rule === 'hub-clock-wrong')
    expect(began).toMatchObject({ inhibits: ['clock-wrong'], severity: 'high', subject: 'north' })
    expect(began?.devices).toHaveLength(20)
    expect(end.emitted().filter((one) => one.startsWith('began clock-wrong'))).toHaveLength(8)
  })
  test.each<[string, (lamp: number, minute: number) => boolean]>([
    ['a few devices', (lamp) => lamp < 5],
    ['all of them, for five minutes', (_, minute) => minute < 5],
    ['one device after the other', (lamp, minute) => Math.floor(minute / 15) === lamp],
  ])('quiet: %s', (_, wrong) => {
    expect(ofHub(say(100, wrong).emitted())).toEqual([])
  })
})

describe('H10 a call for help that comes late', () => {
  const hall = directoryOf([device('hall', 'motion', { home: 'h1' })])
  const press = (at: string, receivedAt: string): StoryMessage => ({
    device: 'hall',
    kind: 'event',
    at,
    receivedAt,
    quality: 'late',
    values: { type: 'sos' },
  })
  const moves = (at: string): StoryMessage => ({ device: 'hall', at, values: { occupancy: true } })

  test('raises 30 h late', () => {
    const end = story(shipped('sos-button'), hall).say(moves('0h'), press('-30h', '1h'), moves('2h'))
    expect(end.emitted()).toEqual([`began sos-button@${-30 * h}`])
    expect(end.findings[0]?.lateBy).toBe(31 * h * 1000)
    const first = story(shipped('sos-button'), hall).say(press('-30h', '1h'), moves('2h'))
    expect(first.emitted()).toEqual([`began sos-button@${-30 * h}`])
  })
  test('raises once if it is repeated', () => {
    const end = story(shipped('sos-button'), hall).say(
      moves('0h'),
      press('-30h', '1h'),
      press('-30h', '1h 1m'),
    )
    expect(end.emitted()).toEqual([`began sos-button@${-30 * h}`])
  })
  test('raises nothing after more than a week', () => {
    expect(story(shipped('sos-button'), hall).say(moves('0h'), press('-170h', '1h')).emitted()).toEqual([])
  })
  test('does not evaluate late readings', () => {
    const end = story(shipped('bin-fire'), directoryOf([device('b1', 'bin')])).say(
      { device: 'b1', at: '0h', values: { temperature: 20 } },
      { device: 'b1', at: '-30h', receivedAt: '1h', quality: 'late', values: { temperature: 90 } },
    )
    expect(end.emitted()).toEqual([])
  })
})

describe('D2 battery forecast', () => {
  const sensors = directoryOf([device('b1', 'bin')])
  const days = (count: number, level: (day: number) => number) =>
    story(shipped('battery-forecast'), sensors).say(
      ...minutes(0, count * 4).map((quarter) => ({
        device: 'b1',
        at: `${quarter * 6}h`,
        values: { batteryLevel: level(quarter / 4) },
      })),
    )
  const percent = (value: number): number => Math.round(value * 100) / 100

  test('raises once two weeks before, until the battery is changed', () => {
    const end = days(60, (day) => (day < 48 ? percent(0.6 - day * 0.01) : percent(1 - (day - 48) * 0.01)))
    expect(end.findings.map(({ change }) => change)).toEqual(['began', 'ended'])
    const day = ((end.findings[0]?.at ?? 0) - midnight) / 86_400_000
    // 10 % is reached on day 50.
    expect(day).toBeGreaterThan(34)
    expect(day).toBeLessThan(38)
    expect(((end.findings[1]?.at ?? 0) - midnight) / 86_400_000).toBe(48)
  })
  test.each<[string, (day: number) => number]>([
    ['one that lasts for years', (day) => percent(0.9 - day * 0.0003)],
    ['one that sometimes reports -1 (unknown)', (day) => (day % 2 < 1 ? -1 : percent(0.9 - day * 0.001))],
    ['one that is always unknown', () => -1],
    ['warm days and cold nights', (day) => percent(0.4 + 0.03 * Math.sin(day * 2 * Math.PI))],
    [
      'one that falls fast for a week of frost',
      (day) => percent(day > 20 && day < 27 ? 0.7 - (day - 20) * 0.02 : 0.7),
    ],
  ])('quiet: %s', (_, level) => {
    expect(days(60, level).emitted()).toEqual([])
  })
})

describe('D5 values that do not change', () => {
  const every = (
    step: number,
    hours: number,
    values: (hour: number) => FieldValues,
    more: Partial<StoryMessage> = {},
  ) =>
    minutes(0, hours * 60, step).map((minute) =>
      reading(`${minute}m`, { values: values(minute / 60), ...more }),
    )
  const stuck = (rule: string, messages: readonly StoryMessage[]) =>
    start(rule)
      .say(...messages)
      .emitted()
  const warm = (hour: number) => Math.round((20 + 6 * Math.sin((hour / 24) * 2 * Math.PI)) * 10) / 10

  test('raises for a temperature after a day, clears when it changes', () => {
    const changes = stuck(
      'stuck-temperature',
      every(10, 40, (hour) => ({ temperature: hour < 30 ? 18.5 : warm(hour) })),
    )
    expect(changes).toEqual([`began stuck-temperature@${24 * h}`, `ended stuck-temperature@${30 * h}`])
  })
  test('ignores a temperature that follows day and night', () => {
    expect(
      stuck(
        'stuck-temperature',
        every(10, 96, (hour) => ({ temperature: warm(hour) })),
      ),
    ).toEqual([])
  })
  test('raises for the power of a lamp lit for 6 h', () => {
    const changes = stuck(
      'stuck-power',
      every(5, 8, () => ({ powerState: 'on', powerConsumption: 58 })),
    )
    expect(changes).toEqual([`began stuck-power@${6 * h}`])
  })
  test.each<[string, (hour: number) => FieldValues]>([
    ['off all day', () => ({ powerState: 'off', powerConsumption: 0.4 })],
    ['lit, but dark', () => ({ powerState: 'on', powerConsumption: 0 })],
    [
      'lit for five hours each night',
      (hour) =>
        hour % 24 < 5
          ? { powerState: 'on', powerConsumption: 58 }
          : { powerState: 'off', powerConsumption: 0.4 },
    ],
    [
      'it varies with the mains voltage',
      (hour) => ({ powerState: 'on', powerConsumption: Math.round(580 + 10 * Math.sin(hour)) / 10 }),
    ],
  ])('quiet: %s', (_, values) => {
    expect(stuck('stuck-power', every(5, 72, values))).toEqual([])
  })
  test('raises for the motor of a lift, but not while out of service', () => {
    const motor = (carMode: string) =>
      every(5, 30, () => ({ motorTemperature: 41.2, carMode }), { device: 'lift1' })
    expect(stuck('stuck-motor-temperature', motor('normal'))).toEqual([
      `began stuck-motor-temperature@${24 * h}`,
    ])
    expect(stuck('stuck-motor-temperature', motor('out-of-service'))).toEqual([])
  })
})

describe('D6 values that jump', () => {
  const lampAt = (minute: number, temperature: number) => reading(`${minute}m`, { values: { temperature } })

  test('raises for a loose contact, clears an hour after the last jump', () => {
    const end = start('jumping-temperature').say(
      ...minutes(0, 240, 2).map((minute) => lampAt(minute, minute < 60 && minute % 8 >= 4 ? 70 : 22)),
    )
    expect(end.findings.map(({ change }) => change)).toEqual(['began', 'ended'])
    expect(end.findings[0]?.at).toBeLessThanOrEqual(midnight + 40 * 60_000)
  })
  test('raises for occasional wild readings', () => {
    const end = start('jumping-temperature').say(
      ...minutes(0, 120, 2).map((minute) => lampAt(minute, minute % 10 === 4 ? 70 : 22)),
    )
    expect(end.findings.map(({ change }) => change)).toEqual(['began'])
  })
  test.each<[string, (minute: number) => number]>([
    ['a fire that grows in steps', (minute) => Math.min(95, 20 + Math.floor(minute / 10) * 20)],
    ['a lamp that warms up and cools down', (minute) => (minute % 240 < 120 ? 45 : 20)],
    ['electrical noise, three times a day', (minute) => (minute % 480 === 0 ? 80 : 20)],
    ['the sun on a bin', (minute) => Math.round(20 + Math.min(25, minute / 10))],
  ])('quiet: %s', (_, temperature) => {
    const messages = minutes(0, 1440, 10).map((minute) => lampAt(minute, temperature(minute)))
    expect(
      start('jumping-temperature')
        .say(...messages)
        .emitted(),
    ).toEqual([])
  })
  test('raises for the motor of a lift', () => {
    const end = start('jumping-motor-temperature').say(
      ...minutes(0, 60).map((minute) =>
        reading(`${minute}m`, { device: 'lift1', values: { motorTemperature: minute % 2 ? 48 : 160 } }),
      ),
    )
    expect(end.emitted()).toHaveLength(1)
  })
})

describe('D6 impossible values', () => {
  const nonsense = (minute: number): StoryMessage => reading(`${minute}m`, { rejected: 2 })

  test('raises after five messages within an hour, clears an hour after the last', () => {
    const end = start('nonsense-values')
      .say(...minutes(0, 40, 10).map(nonsense), ...minutes(41, 130).map((minute) => reading(`${minute}m`)))
      .tick('3h', 60)
    expect(end.emitted()).toEqual([`began nonsense-values@${40 * 60}`, `ended nonsense-values@${100 * 60}`])
  })
  test.each([
    ['four', minutes(0, 30, 10)],
    ['five, too far apart', minutes(0, 80, 20)],
  ])('quiet: %s', (_, at) => {
    expect(
      start('nonsense-values')
        .say(...at.map(nonsense))
        .tick('3h', 60)
        .emitted(),
    ).toEqual([])
  })
})

describe('D7 unstable connection', () => {
  const will = (minute: number): StoryMessage => ({
    device: 'l1',
    kind: 'status',
    at: `${minute}m`,
    values: { state: 'offline' },
  })
  /** Disconnects at each of these minutes, reconnects two minutes later. */
  const flaps = (at: readonly number[]): StoryMessage[] =>
    at.flatMap((minute) => [will(minute), reading(`${minute + 2}m`)])

  test('raises with the seventh change within an hour, clears after an hour without changes', () => {
    const end = startLamp('connection-unstable', 'device-offline').say(reading('0m'))
    end.say(...flaps([5, 15, 25, 35, 45]), ...minutes(48, 180).map((minute) => reading(`${minute}m`)))
    const own = end.emitted().filter((one) => one.includes('unstable'))
    expect(own).toEqual([`began connection-unstable@${35 * 60}`, `ended connection-unstable@${107 * 60}`])
    // Each disconnect is raised as well, inhibited by this alert.
    expect(end.findings.find(({ rule }) => rule === 'connection-unstable')?.inhibits).toEqual([
      'device-offline',
    ])
    expect(end.emitted().filter((one) => one.startsWith('began device-offline'))).toHaveLength(5)
  })
  test.each([
    ['three losses an hour', [5, 25, 45]],
    ['one every half hour all day', minutes(0, 600, 30)],
  ])('quiet: %s', (_, at) => {
    expect(
      start('connection-unstable')
        .say(...flaps(at))
        .tick('12h', 60)
        .emitted(),
    ).toEqual([])
  })
  test('treats a device that stays disconnected as offline, not unstable', () => {
    const end = startLamp('connection-unstable', 'device-offline')
      .say(reading('0m'), will(1), ...minutes(2, 20).map(will))
      .tick('5h', 60)
    expect(end.emitted()).toEqual(['began device-offline@60'])
  })
})

describe('D8 lost messages', () => {
  /** A message per minute for two days with these sequence numbers; `null` = lost. */
  const numbered = (seqOf: (minute: number) => number | null) =>
    start('messages-lost').say(
      ...minutes(0, 2 * 1440).flatMap((minute) => {
        const seq = seqOf(minute)
        return seq === null ? [] : [reading(`${minute}m`, { seq })]
      }),
    )

  test('raises after a day with one in ten missing, clears after a good day', () => {
    const end = numbered((minute) => (minute < 1440 && minute % 10 === 5 ? null : minute))
    expect(end.emitted()).toEqual([`began messages-lost@${24 * h}`, `ended messages-lost@${48 * h}`])
    expect(end.findings[0]?.reason.en).toBe(
      '144 of 1440 messages (10 %) of the last day were lost; check the signal',
    )
  })
  test.each<[string, (minute: number) => number | null]>([
    ['none is missing', (minute) => minute],
    ['one in thirty', (minute) => (minute % 30 === 5 ? null : minute)],
    ['a device that restarts every two hours', (minute) => minute % 120],
    ['a counter that wraps', (minute) => (65_000 + minute) % 65_536],
    ['a counter that restarts at any value', (minute) => (minute < 700 ? minute : minute + 5_000_000)],
  ])('quiet: %s', (_, seqOf) => {
    expect(numbered(seqOf).emitted()).toEqual([])
  })
  test('ignores reordered messages', () => {
    const end = start('messages-lost').say(
      ...minutes(0, 2 * 1440).map((minute) => {
        const seq = minute - (minute % 8 < 4 ? -3 + 2 * (minute % 4) : 0)
        return reading(`${seq}m`, { seq, receivedAt: `${minute}m` })
      }),
    )
    expect(end.emitted()).toEqual([])
  })
  test('counts messages lost by a restarting device', () => {
    const end = numbered((minute) => (minute < 1440 && minute % 8 === 3 ? null : minute % 120))
    expect(end.emitted()[0]).toBe(`began messages-lost@${24 * h}`)
  })
  test('needs a minimum number of messages', () => {
    const end = start('messages-lost').say(
      ...minutes(0, 20).flatMap((seq) => (seq % 3 === 1 ? [] : [reading(`${seq * 6}h`, { seq })])),
    )
    expect(end.emitted()).toEqual([])
  })
})

test('D9 lists all devices behind the gateway, so that it inhibits their alerts', () => {
  const bins = ['b1', 'b2', 'b3', 'b4', 'b5'].map((id) => device(id, 'bin', { gateway: 'g1' }))
  const end = story(shipped('mass-offline-gateway'), directoryOf(bins)).say(
    ...bins.map(({ id }): StoryMessage => ({ device: id, at: '0m', values: { fillingLevel: 0.1 } })),
    ...bins.map(
      ({ id }): StoryMessage => ({ device: id, at: '1m', kind: 'status', values: { state: 'offline' } }),
    ),
  )
  expect(end.findings).toHaveLength(1)
  expect(end.findings[0]?.inhibits).toContain('device-offline')
  expect(end.findings[0]?.devices).toEqual(bins.map(({ id }) => id))
})

describe('D1 offline', () => {
  const status = (at: string, state: string): StoryMessage => ({
    device: 'l1',
    kind: 'status',
    at,
    values: { state },
  })

  test('clears as soon as the connection is back after a Last Will, also without a reading', () => {
    const end = startLamp('device-offline').say(
      reading('0m'),
      status('1m', 'offline'),
      status('2m', 'online'),
      reading('3m'),
    )
    expect(end.emitted()).toEqual(['began device-offline@60', 'ended device-offline@120'])
  })
  test('a device that sends only meta messages is not offline', () => {
    const end = startLamp('device-offline').say(
      ...minutes(0, 60, 5).map(
        (minute): StoryMessage => ({
          ...status(`${minute}m`, ''),
          kind: 'meta',
          values: { powerRating: 60 },
        }),
      ),
    )
    expect(end.emitted().filter((one) => one.includes('offline')).length).toBe(0)
  })
})

test('restored connection state gives the same findings as an engine without a restart', () => {
  const directory = directoryOf([lamp])
  const rules = shipped('clock-wrong', 'messages-lost', 'connection-unstable', 'nonsense-values')
  const messages = minutes(0, 3 * 1440, 3).map((minute): StoryMessage => {
    const wrong = minute > 1000 && minute < 1200
    return reading(`${minute}m`, {
      seq: minute % 7 === 0 ? minute : minute + 1,
      quality: wrong ? 'future' : 'live',
      ...(minute > 2000 && minute < 2060 && { rejected: 1 }),
    })
  })
  const straight = story(rules, directory).say(...messages)
  expect(new Set(straight.findings.map(({ rule }) => rule)).size).toBeGreaterThanOrEqual(3)
  const rows = new Map<string, string>()
  const changes: string[] = []
  for (let from = 0; from < messages.length; from += 97) {
    const part = story(rules, directory)
    if (rows.size > 0) part.engine.restore(rows)
    changes.push(...part.say(...messages.slice(from, from + 97)).emitted())
    for (const [key, text] of part.engine.snapshot()) text === null ? rows.delete(key) : rows.set(key, text)
  }
  expect(changes).toEqual(straight.emitted())
})
