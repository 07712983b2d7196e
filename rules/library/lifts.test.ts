/** The shipped rules about lifts: when each raises and when not (domain.md 2). */
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../model/device-type.ts'
import { device, directoryOf, type Story, type StoryMessage, shipped, story } from '../testing/community.ts'

const lift = directoryOf([device('lift1', 'elevator', { meta: { motorPower: 11 } })])
const start = (...ids: readonly string[]): Story => story(shipped(...ids), lift)

/** At rest at a floor, empty, door closed. */
const rest: FieldValues = {
  carMode: 'normal',
  carDriveStatus: 'stationary',
  carDoorZone: true,
  carDoorStatus: 'closed',
  passengerPresence: false,
  passengerAlarm: false,
  carSpeed: 0,
  levellingError: 2,
  doorReopens: 0,
  vibrationRms: 0.15,
}
const ride = { carDriveStatus: 'rated-speed', carDoorZone: false, carSpeed: 1.6, vibrationRms: 1.1 }
const open = { carDoorStatus: 'opened' }
const people = { passengerPresence: true }
const outOfZone = { carDoorZone: false }

const reading = (at: string, values: FieldValues = {}, more: Partial<StoryMessage> = {}): StoryMessage => ({
  device: 'lift1',
  at,
  values: { ...rest, ...values },
  ...more,
})
const event = (at: string, type: string): StoryMessage => ({
  device: 'lift1',
  at,
  kind: 'event',
  values: { type },
})
/** The same reading every `step` seconds, both ends included. */
const every = (step: number, from: number, to: number, values: FieldValues): StoryMessage[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) =>
    reading(`${from + index * step}s`, values),
  )
const h = 3600

describe('E2 entrapment at a floor', () => {
  const e2 = () => start('entrapment-at-floor')

  test('raises after 180 s with people behind a closed door, clears when it opens in the zone', () => {
    const changes = e2()
      .say(...every(5, 10, 240, people), reading('245s', { ...people, ...open }))
      .emitted()
    expect(changes).toEqual(['began entrapment-at-floor@190', 'ended entrapment-at-floor@245'])
  })
  test('raises by the hub timer if the lift stops reporting', () => {
    expect(e2().say(reading('10s', people)).tick('5m').emitted()).toEqual(['began entrapment-at-floor@190'])
  })
  test.each([
    ['the message that the car is empty', [reading('40s', { ...people, ...open, doorCycles: 8 })]],
    ['every message of the open door', []],
  ])('does not raise if people left and %s is lost', (_, received) => {
    const messages = [
      ...every(5, 10, 35, { ...people, ...ride, doorCycles: 7 }),
      ...received,
      ...every(30, 46, 400, { doorCycles: 8 }),
    ]
    expect(
      e2()
        .say(...messages)
        .emitted(),
    ).toEqual([])
  })
  test('keeps people inside when the door opens for others', () => {
    const messages = [
      ...every(5, 10, 35, { ...people, ...ride, doorCycles: 7 }),
      reading('40s', { ...people, ...open, doorCycles: 8 }),
      ...every(5, 46, 60, { ...people, doorCycles: 8 }),
      ...every(30, 70, 400, { doorCycles: 8 }),
    ]
    expect(
      e2()
        .say(...messages)
        .emitted(),
    ).toEqual(['began entrapment-at-floor@226'])
  })
  test('raises if the sensor loses people who do not move in a closed car', () => {
    const messages = [
      reading('0s', { ...people, ...open }),
      reading('10s', people),
      reading('25s', people),
      reading('40s'),
    ]
    expect(
      e2()
        .say(...messages)
        .tick('5m')
        .emitted(),
    ).toEqual(['began entrapment-at-floor@190'])
  })
  test.each<[string, readonly StoryMessage[]]>([
    ['an empty car', every(30, 0, 600, {})],
    ['people in an open car', every(30, 0, 600, { ...people, ...open })],
    [
      'a door that opens every 170 s',
      [
        ...every(10, 0, 170, people),
        reading('175s', { ...people, ...open }),
        ...every(10, 180, 350, people),
        reading('355s', { ...people, ...open }),
      ],
    ],
    ['a ride', every(10, 0, 600, { ...people, ...ride })],
    ['between floors', every(10, 0, 600, { ...people, ...outOfZone })],
    [
      'who got out',
      [
        reading('0s', { ...people, ...open }),
        reading('12s', { ...people, ...open }),
        reading('14s', open),
        ...every(30, 20, 600, {}),
      ],
    ],
    ['inspection', every(10, 0, 600, { ...people, carMode: 'inspection' })],
    ['firefighters', every(10, 0, 600, { ...people, carMode: 'firefighter-control' })],
    [
      'a flicker of the sensor in an empty car',
      [reading('0s', people), reading('6s'), ...every(30, 30, 600, {})],
    ],
  ])('ignores %s', (_, messages) => {
    expect(
      e2()
        .say(...messages)
        .emitted(),
    ).toEqual([])
  })
  test('does not raise for people who left through a door whose opening was lost or late', () => {
    const trip = { ...people, ...ride, doorCycles: 100 }
    const arrived = { doorCycles: 101 }
    const lost = [...every(5, 0, 20, trip), ...every(30, 40, 900, arrived)]
    const partly = [
      ...every(5, 0, 20, trip),
      reading('25s', { ...open, ...people, ...arrived }),
      ...every(30, 40, 900, arrived),
    ]
    for (const messages of [lost, partly])
      expect(
        e2()
          .say(...messages)
          .emitted(),
      ).toEqual([])
  })
  test('keeps the alert when the mode changes', () => {
    const changes = e2()
      .say(...every(10, 0, 200, people), ...every(10, 210, 900, { ...people, carMode: 'inspection' }))
      .emitted()
    expect(changes).toEqual(['began entrapment-at-floor@180'])
  })
})

describe('E1 and E4 exclude each other', () => {
  const both = () => start('entrapment-between-floors', 'stopped-outside-zone', 'entrapment-at-floor')

  test('raises E4 for an empty car after 45 s', () => {
    const changes = both()
      .say(...every(5, 10, 60, outOfZone), reading('65s'))
      .emitted()
    expect(changes).toEqual(['began stopped-outside-zone@55', 'ended stopped-outside-zone@65'])
  })
  test('does not raise at 44 s', () => {
    expect(both().say(reading('10s', outOfZone), reading('54s', ride)).tick('5m').emitted()).toEqual([])
  })
  test('raises only E1 with people inside', () => {
    const changes = both()
      .say(reading('0s', { ...open, ...people }), ...every(5, 10, 120, { ...outOfZone, ...people }))
      .emitted()
    expect(changes).toEqual(['began entrapment-between-floors@55'])
  })
  test('clears E4 and raises E1 when the sensor detects people late', () => {
    const found = { ...outOfZone, ...people }
    const changes = both()
      .say(...every(5, 10, 95, outOfZone), ...every(5, 100, 200, found))
      .emitted()
    expect(changes).toEqual([
      'began stopped-outside-zone@55',
      'ended stopped-outside-zone@110',
      'began entrapment-between-floors@145',
    ])
  })
  test('ignores presence flicker in an empty car', () => {
    const changes = both()
      .say(...every(5, 10, 95, outOfZone), reading('100s', { ...outOfZone, ...people }))
      .say(...every(5, 105, 300, outOfZone))
      .emitted()
    expect(changes).toEqual(['began stopped-outside-zone@55'])
  })
  test.each(['inspection', 'out-of-service', 'firefighter-control'])('ignores %s', (carMode) => {
    expect(
      both()
        .say(...every(10, 0, 900, { ...outOfZone, carMode }))
        .emitted(),
    ).toEqual([])
  })
  test('clears when the drive starts again', () => {
    const changes = both()
      .say(...every(5, 10, 60, outOfZone), reading('65s', ride))
      .emitted()
    expect(changes).toEqual(['began stopped-outside-zone@55', 'ended stopped-outside-zone@65'])
  })
})

describe('people riding when the lift stops', () => {
  const both = () => start('entrapment-between-floors', 'stopped-outside-zone', 'entrapment-at-floor')
  const boards = every(5, 0, 15, people)
  const gaveUp = ['out-of-service', 'emergency-power', 'earthquake-operation', 'fire-operation']

  test.each(gaveUp)('raises in mode %s between floors with people inside', (carMode) => {
    const changes = both()
      .say(
        ...boards,
        reading('20s', { ...ride, ...people }),
        ...every(5, 25, 300, { ...outOfZone, ...people, carMode }),
      )
      .emitted()
    expect(changes).toEqual(['began entrapment-between-floors@70'])
  })
  test('counts the 45 s from the stop if the mode changes 20 s later', () => {
    const stuck = { ...outOfZone, ...people }
    const changes = both()
      .say(...boards, ...every(5, 25, 40, stuck))
      .say(...every(5, 45, 300, { ...stuck, carMode: 'out-of-service' }))
      .emitted()
    expect(changes).toEqual(['began entrapment-between-floors@70'])
  })
  test('raises out of service at a floor if the door does not open', () => {
    const out = { ...people, carMode: 'out-of-service' }
    const changes = both()
      .say(...boards, ...every(10, 25, 300, out), reading('310s', { ...out, ...open }))
      .emitted()
    expect(changes).toEqual(['began entrapment-at-floor@180', 'ended entrapment-at-floor@310'])
  })
  test.each<[string, readonly StoryMessage[]]>([
    [
      'the mechanic who gets in when it is out of service',
      [
        reading('0s', { carMode: 'out-of-service', ...open }),
        ...every(10, 5, 900, { ...people, carMode: 'out-of-service' }),
      ],
    ],
    [
      'people who got out before the lift was put out of service, followed by the cleaner',
      [
        ...boards,
        reading('20s', { ...open, ...people }),
        reading('25s', open),
        reading('30s', { carMode: 'out-of-service' }),
        ...every(10, 40, 900, { ...people, carMode: 'out-of-service' }),
      ],
    ],
    [
      'a mechanic who switches to inspection with people inside',
      [...boards, ...every(10, 20, 900, { ...people, ...outOfZone, carMode: 'inspection' })],
    ],
    ['an empty car', every(10, 0, 900, { ...outOfZone, carMode: 'out-of-service' })],
  ])('quiet: %s', (_, messages) => {
    expect(
      both()
        .say(...messages)
        .emitted(),
    ).toEqual([])
  })
})

describe('E6 levelling', () => {
  const e6 = () => start('levelling-off')
  /** One stop per minute with these levelling errors, mm. */
  const stops = (errors: readonly number[], values: FieldValues = {}): StoryMessage[] =>
    errors.flatMap((levellingError, index) => [
      reading(`${index * 60}s`, { ...ride, ...values }),
      reading(`${index * 60 + 20}s`, { ...open, levellingError, ...values }),
      reading(`${index * 60 + 28}s`, { levellingError, ...values }),
    ])

  test('raises with the third of ten stops off by more than 10 mm, clears after ten good stops', () => {
    const messages = stops([12, 0, 3, -11, 2, 1, 0, 14, ...Array.from({ length: 11 }, () => 3)])
    const end = e6().say(...messages)
    expect(end.emitted()).toEqual([
      `began levelling-off@${7 * 60 + 20}`,
      `ended levelling-off@${17 * 60 + 20}`,
    ])
    expect(end.findings[0]).toMatchObject({ severity: 'medium' })
  })
  test('ignores two of ten, exactly 10 mm, and repeated readings of one stop', () => {
    for (const errors of [[12, 0, 3, -11, 2, 1, 0, 9], Array.from({ length: 30 }, () => 10)])
      expect(
        e6()
          .say(...stops(errors))
          .emitted(),
      ).toEqual([])
    expect(
      e6()
        .say(...every(30, 0, 900, { levellingError: 14 }))
        .emitted(),
    ).toEqual([])
  })
  test('raises high for more than 20 mm not re-levelled within 10 s', () => {
    const changes = e6().say(
      reading('0s', ride),
      ...every(5, 20, 40, { ...open, levellingError: 26 }),
      reading('60s', ride),
      ...every(5, 80, 100, { levellingError: -1 }),
    )
    expect(
      changes.findings.map(({ change, severity, at }) => `${change} ${severity} ${(at % 3_600_000) / 1000}`),
    ).toEqual(['began high 30', 'ended high 80'])
  })
  test('ignores re-levelling when people get in', () => {
    const messages = [
      reading('0s', ride),
      reading('20s', { ...open, levellingError: 24 }),
      reading('26s', { ...open, levellingError: 3 }),
    ]
    expect(
      e6()
        .say(...messages)
        .tick('5m')
        .emitted(),
    ).toEqual([])
  })
  test('escalates after a worse stop, de-escalates after good stops', () => {
    const messages = [
      ...stops([12, 13, 12]),
      reading('200s', { ...open, levellingError: 25 }),
      reading('260s', ride),
      reading('280s', { levellingError: 8 }),
    ]
    expect(
      e6()
        .say(...messages)
        .findings.map(({ change, severity }) => `${change} ${severity}`),
    ).toEqual(['began medium', 'severity high', 'severity medium'])
  })
  test('ignores a car between floors and stops in inspection', () => {
    expect(
      e6()
        .say(...stops([300, 500, 400], { carMode: 'inspection' }))
        .emitted(),
    ).toEqual([])
    const between = Array.from({ length: 6 }, (_, index) => [
      reading(`${index * 60}s`, ride),
      reading(`${index * 60 + 20}s`, { ...outOfZone, levellingError: 900 }),
    ]).flat()
    expect(
      e6()
        .say(...between)
        .emitted(),
    ).toEqual([])
  })
})

describe('E7 door reopening', () => {
  const e7 = () => start('door-reopening')

  test('raises once for 4 reopenings at one stop, clears after 30 min without', () => {
    const changes = e7()
      .say(reading('10s', { ...open, doorReopens: 3 }), reading('20s', { ...open, doorReopens: 4 }))
      .say(reading('60s', ride), reading('600s', { ...open, doorReopens: 7 }), reading('660s', ride))
      .say(...every(60, 720, 3600, {}))
      .emitted()
    expect(changes).toEqual(['began door-reopening@20', 'ended door-reopening@2400'])
  })
  test('ignores 3 at every stop and 4 in inspection', () => {
    const messages = [
      ...every(30, 0, 900, { ...open, doorReopens: 3 }),
      ...every(30, 930, 1800, { doorReopens: 9, carMode: 'inspection' }),
    ]
    expect(
      e7()
        .say(...messages)
        .emitted(),
    ).toEqual([])
  })
})

describe('E8 door open too long', () => {
  const e8 = () => start('door-held-open')

  test('raises after 120 s in normal mode, clears when the door closes', () => {
    expect(e8().say(reading('10s', open)).tick('3m').say(reading('200s')).emitted()).toEqual([
      'began door-held-open@130',
      'ended door-held-open@200',
    ])
  })
  test.each<[string, readonly StoryMessage[]]>([
    ['a removal of 119 s', [reading('10s', open), reading('129s')]],
    ['firefighters', every(30, 0, 900, { ...open, carMode: 'firefighter-control' })],
    ['a mechanic', every(30, 0, 900, { ...open, carMode: 'inspection' })],
    ['parked with its door open', every(30, 0, 900, { ...open, carMode: 'parking' })],
    [
      'a door that closes and opens',
      every(30, 0, 900, {}).map((one, index) =>
        index % 2 ? one : { ...one, values: { ...one.values, ...open } },
      ),
    ],
  ])('ignores %s', (_, messages) => {
    expect(
      e8()
        .say(...messages)
        .tick('16m')
        .emitted(),
    ).toEqual([])
  })
  test('waits for buffered messages after a hub outage', () => {
    const back = () => e8().tick('5s').say(reading('10s', open)).tick('30s').tick('10m', 570)
    const shut = back().say(
      reading('40s', {}, { receivedAt: '10m 5s' }),
      reading('10m 1s', {}, { receivedAt: '10m 30s' }),
    )
    expect(shut.tick('20m').emitted()).toEqual([])
    expect(back().tick('20m').emitted()).toEqual(['began door-held-open@130'])
  })
})

describe('E9 machine vibration', () => {
  const big = directoryOf([device('lift1', 'elevator', { meta: { motorPower: 30 } })])
  const unknown = directoryOf([device('lift1', 'elevator')])
  /** One ride per minute with these velocities, mm/s; at rest in between. */
  const rides = (values: readonly number[], atRest = 0.15): StoryMessage[] =>
    values.flatMap((vibrationRms, index) => [
      reading(`${index * 60}s`, { ...ride, vibrationRms }),
      reading(`${index * 60 + 20}s`, { vibrationRms: atRest }),
    ])
  const severities = (where: typeof lift, messages: readonly StoryMessage[]) =>
    story(shipped('machine-vibration'), where)
      .say(...messages)
      .findings.map(({ change, severity, at }) => `${change} ${severity} ${(at % 3_600_000) / 60_000}`)

  test('raises medium in zone C and high in zone D, by motor power', () => {
    const messages = rides([1, 2, 2, 2, 5, 2, 1, 1, 1, 1, 1])
    const small = ['began medium 3', 'severity high 4', 'severity medium 5', 'ended medium 10']
    expect(severities(lift, messages)).toEqual(small)
    expect(severities(unknown, messages)).toEqual(small)
    expect(severities(big, messages)).toEqual([])
    expect(severities(big, rides([3, 3, 3, 7.2]))).toEqual(['began medium 2', 'severity high 3'])
  })
  test('ignores values at rest: they neither raise nor clear', () => {
    expect(severities(lift, rides([1, 1, 1, 1, 1, 1], 6))).toEqual([])
    expect(severities(lift, [...rides([2, 2, 2]), ...every(30, 200, 3000, {})])).toEqual(['began medium 2'])
  })
  test('ignores two rough rides of five, and values at the limit', () => {
    expect(severities(lift, rides([2, 1, 2, 1, 1, 1, 2, 2, 1, 1]))).toEqual([])
    expect(severities(lift, rides([1.8, 1.8, 1.8, 1.8]))).toEqual([])
  })
  test('states the figures in the reason', () => {
    const [first] = start('machine-vibration').say(...rides([2, 2, 2])).findings
    expect(first?.reason).toEqual({
      zh: '最近 3 次运行中有 3 次振动超限，当前 2 mm/s',
      en: 'Vibration above the limit in 3 of the last 3 rides, now 2 mm/s',
    })
  })
})

describe('E13 test call', () => {
  const e13 = () => start('test-call-overdue')
  const hourly = (from: number, to: number): StoryMessage[] => every(h, from * h, to * h, {})

  test('raises 72 h after the last call, clears with the next', () => {
    const changes = e13()
      .say(event('1h', 'test-call'), ...hourly(2, 74), event('75h', 'test-call'))
      .emitted()
    expect(changes).toEqual([`began test-call-overdue@${73 * h}`, `ended test-call-overdue@${75 * h}`])
  })
  test('raises for a lift that never made a call', () => {
    expect(
      e13()
        .say(...hourly(0, 73))
        .emitted(),
    ).toEqual([`began test-call-overdue@${72 * h}`])
  })
  test('ignores calls every 71 h with other events in between', () => {
    const messages = [
      event('1h', 'test-call'),
      ...hourly(2, 40),
      event('50h', 'tamper'),
      event('72h', 'test-call'),
      ...hourly(73, 142),
    ]
    expect(
      e13()
        .say(...messages)
        .emitted(),
    ).toEqual([])
  })
  test('does not raise for a unit silent for more than a day', () => {
    expect(
      e13()
        .say(event('1h', 'test-call'), ...hourly(2, 40))
        .tick('80h', 60)
        .emitted(),
    ).toEqual([])
  })
})

describe('E14 out of service too long', () => {
  const e14 = () => start('out-of-service-long')
  const out = { carMode: 'out-of-service' }

  test('raises after 24 h, also without further messages, clears in normal service', () => {
    const changes = e14().say(reading('1h', out)).tick('26h', 60).say(reading('30h')).emitted()
    expect(changes).toEqual([`began out-of-service-long@${25 * h}`, `ended out-of-service-long@${30 * h}`])
  })
  test('works with events only', () => {
    const messages = [event('1h', 'out-of-service'), event('26h', 'back-in-service')]
    expect(
      e14()
        .say(...messages)
        .emitted(),
    ).toEqual([`began out-of-service-long@${25 * h}`, `ended out-of-service-long@${26 * h}`])
  })
  test('counts inspection in between as out of service', () => {
    const changes = e14()
      .say(reading('1h', out), reading('3h', { carMode: 'inspection' }), reading('5h', out))
      .tick('26h', 60)
      .emitted()
    expect(changes).toEqual([`began out-of-service-long@${25 * h}`])
  })
  test.each<[string, readonly StoryMessage[]]>([
    [
      '23 h',
      [
        event('1h', 'out-of-service'),
        reading('1h 1s', out),
        event('24h', 'back-in-service'),
        reading('24h 1s'),
      ],
    ],
    ['back for a moment', [reading('1h', out), reading('20h'), reading('20h 5m', out)]],
    ['inspection alone', [reading('1h', { carMode: 'inspection' })]],
    ['an event of another kind', [event('1h', 'test-call')]],
  ])('ignores %s', (_, messages) => {
    expect(
      e14()
        .say(...messages)
        .tick('40h', 60)
        .emitted(),
    ).toEqual([])
  })
  test('stays active when one of two overlapping outages ends', () => {
    const changes = e14()
      .say(event('1h', 'out-of-service'), reading('1h', out), event('4h', 'out-of-service'))
      .say(event('5h', 'back-in-service'), reading('5h', out))
      .tick('26h', 60)
      .emitted()
    expect(changes).toEqual([`began out-of-service-long@${25 * h}`])
  })
})

describe('E15 chronic lift', () => {
  const e15 = () => start('chronic-lift')
  const outage = (day: number, events: readonly [string, string] | [] = []): StoryMessage[] => [
    ...events.slice(0, 1).map((type) => event(`${day}d`, type)),
    reading(`${day}d 10s`, { carMode: 'out-of-service' }),
    reading(`${day}d 1h`, { carMode: 'out-of-service' }),
    ...events.slice(1).map((type) => event(`${day}d 3h`, type)),
    reading(`${day}d 3h`),
  ]
  const days = (list: readonly number[], events?: readonly [string, string]) =>
    list.flatMap((day) => outage(day, events))
  const d = 24 * h

  test('raises with the fourth outage in 30 days, with or without events, clears 30 days after the first of the last four', () => {
    for (const events of [undefined, ['out-of-service', 'back-in-service'] as const]) {
      const changes = e15()
        .say(...days([1, 8, 15, 29], events), reading('40d'))
        .emitted()
      expect(changes).toEqual([`began chronic-lift@${29 * d + 10}`, `ended chronic-lift@${31 * d + 10}`])
    }
  })
  test('does not count other messages during an outage', () => {
    const messages = [1, 8].flatMap((day) => [
      ...outage(day, ['out-of-service', 'back-in-service']).slice(0, 2),
      event(`${day}d 30m`, 'test-call'),
      event(`${day}d 40m`, 'tamper'),
      ...outage(day, ['out-of-service', 'back-in-service']).slice(2),
    ])
    expect(
      e15()
        .say(...messages)
        .emitted(),
    ).toEqual([])
  })
  test('ignores three, and four in 31 days', () => {
    for (const list of [
      [1, 8, 15],
      [1, 8, 15, 32],
    ])
      expect(
        e15()
          .say(...days(list))
          .emitted(),
      ).toEqual([])
  })
  test('ignores planned outages and inspections', () => {
    const inspections = [1, 4, 8, 12, 16].flatMap((day) => [
      reading(`${day}d`, { carMode: 'inspection' }),
      reading(`${day}d 2h`),
    ])
    expect(
      e15()
        .say(...inspections)
        .emitted(),
    ).toEqual([])
    expect(
      e15()
        .say(...days([1, 4, 8, 12, 16], ['planned-outage', 'back-in-service']), ...days([20, 21, 22]))
        .emitted(),
    ).toEqual([])
  })
})
