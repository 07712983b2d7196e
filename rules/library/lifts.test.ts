/** The shipped rules about lifts as timelines: when each fires and when it stays quiet (domain.md 2). */
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../model/device-type.ts'
import { device, directoryOf, type Story, type StoryMessage, shipped, story } from '../testing/community.ts'

const lift = directoryOf([device('lift1', 'elevator', { meta: { motorPower: 11 } })])
const tell = (...ids: readonly string[]): Story => story(shipped(...ids), lift)

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

const says = (at: string, values: FieldValues = {}, more: Partial<StoryMessage> = {}): StoryMessage => ({
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
/** The same every `step` seconds, both ends included. */
const every = (step: number, from: number, to: number, values: FieldValues): StoryMessage[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) =>
    says(`${from + index * step}s`, values),
  )
const h = 3600

describe('E2 entrapment at a floor', () => {
  const e2 = () => tell('entrapment-at-floor')

  test('180 s with people behind a closed door; over when it opens in the zone', () => {
    const told = e2()
      .say(...every(5, 10, 240, people), says('245s', { ...people, ...open }))
      .emitted()
    expect(told).toEqual(['began entrapment-at-floor@190', 'ended entrapment-at-floor@245'])
  })
  test('by the hub timer when the lift says nothing more', () => {
    expect(e2().say(says('10s', people)).tick('5m').emitted()).toEqual(['began entrapment-at-floor@190'])
  })
  test.each([
    ['the message that the car is empty', [says('40s', { ...people, ...open, doorCycles: 8 })]],
    ['every message of the open door', []],
  ])('people left, but %s is lost: nobody is inside', (_, heard) => {
    const said = [
      ...every(5, 10, 35, { ...people, ...ride, doorCycles: 7 }),
      ...heard,
      ...every(30, 46, 400, { doorCycles: 8 }),
    ]
    expect(
      e2()
        .say(...said)
        .emitted(),
    ).toEqual([])
  })
  test('a door that opens to let others in keeps who is inside', () => {
    const said = [
      ...every(5, 10, 35, { ...people, ...ride, doorCycles: 7 }),
      says('40s', { ...people, ...open, doorCycles: 8 }),
      ...every(5, 46, 60, { ...people, doorCycles: 8 }),
      ...every(30, 70, 400, { doorCycles: 8 }),
    ]
    expect(
      e2()
        .say(...said)
        .emitted(),
    ).toEqual(['began entrapment-at-floor@226'])
  })
  test('the sensor loses people who stand still in a closed car', () => {
    const said = [says('0s', { ...people, ...open }), says('10s', people), says('25s', people), says('40s')]
    expect(
      e2()
        .say(...said)
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
        says('175s', { ...people, ...open }),
        ...every(10, 180, 350, people),
        says('355s', { ...people, ...open }),
      ],
    ],
    ['a ride', every(10, 0, 600, { ...people, ...ride })],
    ['between floors', every(10, 0, 600, { ...people, ...outOfZone })],
    [
      'who got out',
      [
        says('0s', { ...people, ...open }),
        says('12s', { ...people, ...open }),
        says('14s', open),
        ...every(30, 20, 600, {}),
      ],
    ],
    ['inspection', every(10, 0, 600, { ...people, carMode: 'inspection' })],
    ['firefighters', every(10, 0, 600, { ...people, carMode: 'firefighter-control' })],
    ['a flicker of the sensor in an empty car', [says('0s', people), says('6s'), ...every(30, 30, 600, {})]],
  ])('%s: quiet', (_, said) => {
    expect(
      e2()
        .say(...said)
        .emitted(),
    ).toEqual([])
  })
  test('who left through a door whose opening was lost on the way, or told late, is not shut in', () => {
    const trip = { ...people, ...ride, doorCycles: 100 }
    const arrived = { doorCycles: 101 }
    const lost = [...every(5, 0, 20, trip), ...every(30, 40, 900, arrived)]
    const partly = [
      ...every(5, 0, 20, trip),
      says('25s', { ...open, ...people, ...arrived }),
      ...every(30, 40, 900, arrived),
    ]
    for (const said of [lost, partly])
      expect(
        e2()
          .say(...said)
          .emitted(),
      ).toEqual([])
  })
  test('people who are really trapped keep their alert when the mode changes', () => {
    const told = e2()
      .say(...every(10, 0, 200, people), ...every(10, 210, 900, { ...people, carMode: 'inspection' }))
      .emitted()
    expect(told).toEqual(['began entrapment-at-floor@180'])
  })
})

describe('E1 and E4: one of them', () => {
  const both = () => tell('entrapment-between-floors', 'stopped-outside-zone', 'entrapment-at-floor')

  test('an empty car is no entrapment: 45 s', () => {
    const told = both()
      .say(...every(5, 10, 60, outOfZone), says('65s'))
      .emitted()
    expect(told).toEqual(['began stopped-outside-zone@55', 'ended stopped-outside-zone@65'])
  })
  test('44 s is too short', () => {
    expect(both().say(says('10s', outOfZone), says('54s', ride)).tick('5m').emitted()).toEqual([])
  })
  test('with people it is the entrapment alone', () => {
    const told = both()
      .say(says('0s', { ...open, ...people }), ...every(5, 10, 120, { ...outOfZone, ...people }))
      .emitted()
    expect(told).toEqual(['began entrapment-between-floors@55'])
  })
  test('people whom the sensor finds late: the empty car is over, the entrapment begins', () => {
    const found = { ...outOfZone, ...people }
    const told = both()
      .say(...every(5, 10, 95, outOfZone), ...every(5, 100, 200, found))
      .emitted()
    expect(told).toEqual([
      'began stopped-outside-zone@55',
      'ended stopped-outside-zone@110',
      'began entrapment-between-floors@145',
    ])
  })
  test('a flicker in an empty car neither ends it nor is anybody', () => {
    const told = both()
      .say(...every(5, 10, 95, outOfZone), says('100s', { ...outOfZone, ...people }))
      .say(...every(5, 105, 300, outOfZone))
      .emitted()
    expect(told).toEqual(['began stopped-outside-zone@55'])
  })
  test.each(['inspection', 'out-of-service', 'firefighter-control'])('%s: quiet', (carMode) => {
    expect(
      both()
        .say(...every(10, 0, 900, { ...outOfZone, carMode }))
        .emitted(),
    ).toEqual([])
  })
  test('the drive that starts again ends it', () => {
    const told = both()
      .say(...every(5, 10, 60, outOfZone), says('65s', ride))
      .emitted()
    expect(told).toEqual(['began stopped-outside-zone@55', 'ended stopped-outside-zone@65'])
  })
})

describe('people who were on their way when the lift gave up', () => {
  const both = () => tell('entrapment-between-floors', 'stopped-outside-zone', 'entrapment-at-floor')
  const boards = every(5, 0, 15, people)
  const gaveUp = ['out-of-service', 'emergency-power', 'earthquake-operation', 'fire-operation']

  test.each(gaveUp)('%s between floors, with people inside', (carMode) => {
    const told = both()
      .say(
        ...boards,
        says('20s', { ...ride, ...people }),
        ...every(5, 25, 300, { ...outOfZone, ...people, carMode }),
      )
      .emitted()
    expect(told).toEqual(['began entrapment-between-floors@70'])
  })
  test('it gives up 20 s after it stopped: it is the same 45 s', () => {
    const stuck = { ...outOfZone, ...people }
    const told = both()
      .say(...boards, ...every(5, 25, 40, stuck))
      .say(...every(5, 45, 300, { ...stuck, carMode: 'out-of-service' }))
      .emitted()
    expect(told).toEqual(['began entrapment-between-floors@70'])
  })
  test('out of service at a floor, and the door does not open', () => {
    const out = { ...people, carMode: 'out-of-service' }
    const told = both()
      .say(...boards, ...every(10, 25, 300, out), says('310s', { ...out, ...open }))
      .emitted()
    expect(told).toEqual(['began entrapment-at-floor@180', 'ended entrapment-at-floor@310'])
  })
  test.each<[string, readonly StoryMessage[]]>([
    [
      'the mechanic who gets in when it is out of service',
      [
        says('0s', { carMode: 'out-of-service', ...open }),
        ...every(10, 5, 900, { ...people, carMode: 'out-of-service' }),
      ],
    ],
    [
      'who got out before it was taken out of service, and is followed by the cleaner',
      [
        ...boards,
        says('20s', { ...open, ...people }),
        says('25s', open),
        says('30s', { carMode: 'out-of-service' }),
        ...every(10, 40, 900, { ...people, carMode: 'out-of-service' }),
      ],
    ],
    [
      'a mechanic who switches to inspection with people inside',
      [...boards, ...every(10, 20, 900, { ...people, ...outOfZone, carMode: 'inspection' })],
    ],
    ['an empty car', every(10, 0, 900, { ...outOfZone, carMode: 'out-of-service' })],
  ])('quiet: %s', (_, said) => {
    expect(
      both()
        .say(...said)
        .emitted(),
    ).toEqual([])
  })
})

describe('E6 levelling', () => {
  const e6 = () => tell('levelling-off')
  /** One stop a minute with these errors, mm. */
  const stops = (errors: readonly number[], values: FieldValues = {}): StoryMessage[] =>
    errors.flatMap((levellingError, index) => [
      says(`${index * 60}s`, { ...ride, ...values }),
      says(`${index * 60 + 20}s`, { ...open, levellingError, ...values }),
      says(`${index * 60 + 28}s`, { levellingError, ...values }),
    ])

  test('the third of the last ten stops by more than 10 mm, either way; over after ten good ones', () => {
    const said = stops([12, 0, 3, -11, 2, 1, 0, 14, ...Array.from({ length: 11 }, () => 3)])
    const end = e6().say(...said)
    expect(end.emitted()).toEqual([
      `began levelling-off@${7 * 60 + 20}`,
      `ended levelling-off@${17 * 60 + 20}`,
    ])
    expect(end.findings[0]).toMatchObject({ severity: 'medium' })
  })
  test('two of ten, exactly 10 mm, or one stop told again and again: quiet', () => {
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
  test('more than 20 mm that is not levelled within 10 s is high', () => {
    const told = e6().say(
      says('0s', ride),
      ...every(5, 20, 40, { ...open, levellingError: 26 }),
      says('60s', ride),
      ...every(5, 80, 100, { levellingError: -1 }),
    )
    expect(
      told.findings.map(({ change, severity, at }) => `${change} ${severity} ${(at % 3_600_000) / 1000}`),
    ).toEqual(['began high 30', 'ended high 80'])
  })
  test('the lift that levels again when people get in: quiet', () => {
    const said = [
      says('0s', ride),
      says('20s', { ...open, levellingError: 24 }),
      says('26s', { ...open, levellingError: 3 }),
    ]
    expect(
      e6()
        .say(...said)
        .tick('5m')
        .emitted(),
    ).toEqual([])
  })
  test('a worse stop raises the severity of what is open, good ones lower it', () => {
    const said = [
      ...stops([12, 13, 12]),
      says('200s', { ...open, levellingError: 25 }),
      says('260s', ride),
      says('280s', { levellingError: 8 }),
    ]
    expect(
      e6()
        .say(...said)
        .findings.map(({ change, severity }) => `${change} ${severity}`),
    ).toEqual(['began medium', 'severity high', 'severity medium'])
  })
  test('a car in between is no stop, inspection none that counts', () => {
    expect(
      e6()
        .say(...stops([300, 500, 400], { carMode: 'inspection' }))
        .emitted(),
    ).toEqual([])
    const between = Array.from({ length: 6 }, (_, index) => [
      says(`${index * 60}s`, ride),
      says(`${index * 60 + 20}s`, { ...outOfZone, levellingError: 900 }),
    ]).flat()
    expect(
      e6()
        .say(...between)
        .emitted(),
    ).toEqual([])
  })
})

describe('E7 door reopening', () => {
  const e7 = () => tell('door-reopening')

  test('4 at one stop; a bad door is one alert, over after 30 min of quiet', () => {
    const told = e7()
      .say(says('10s', { ...open, doorReopens: 3 }), says('20s', { ...open, doorReopens: 4 }))
      .say(says('60s', ride), says('600s', { ...open, doorReopens: 7 }), says('660s', ride))
      .say(...every(60, 720, 3600, {}))
      .emitted()
    expect(told).toEqual(['began door-reopening@20', 'ended door-reopening@2400'])
  })
  test('3 at every stop, or 4 in inspection: quiet', () => {
    const said = [
      ...every(30, 0, 900, { ...open, doorReopens: 3 }),
      ...every(30, 930, 1800, { doorReopens: 9, carMode: 'inspection' }),
    ]
    expect(
      e7()
        .say(...said)
        .emitted(),
    ).toEqual([])
  })
})

describe('E8 door held open', () => {
  const e8 = () => tell('door-held-open')

  test('120 s in normal mode; over when it closes', () => {
    expect(e8().say(says('10s', open)).tick('3m').say(says('200s')).emitted()).toEqual([
      'began door-held-open@130',
      'ended door-held-open@200',
    ])
  })
  test.each<[string, readonly StoryMessage[]]>([
    ['a removal that takes 119 s', [says('10s', open), says('129s')]],
    ['firefighters', every(30, 0, 900, { ...open, carMode: 'firefighter-control' })],
    ['a mechanic', every(30, 0, 900, { ...open, carMode: 'inspection' })],
    ['parked with its door open', every(30, 0, 900, { ...open, carMode: 'parking' })],
    [
      'a door that closes and opens',
      every(30, 0, 900, {}).map((one, index) =>
        index % 2 ? one : { ...one, values: { ...one.values, ...open } },
      ),
    ],
  ])('%s: quiet', (_, said) => {
    expect(
      e8()
        .say(...said)
        .tick('16m')
        .emitted(),
    ).toEqual([])
  })
  test('after the hub was away it is not told before what the lift kept has come', () => {
    const back = () => e8().tick('5s').say(says('10s', open)).tick('30s').tick('10m', 570)
    const shut = back().say(
      says('40s', {}, { receivedAt: '10m 5s' }),
      says('10m 1s', {}, { receivedAt: '10m 30s' }),
    )
    expect(shut.tick('20m').emitted()).toEqual([])
    expect(back().tick('20m').emitted()).toEqual(['began door-held-open@130'])
  })
})

describe('E9 machine vibration', () => {
  const big = directoryOf([device('lift1', 'elevator', { meta: { motorPower: 30 } })])
  const unknown = directoryOf([device('lift1', 'elevator')])
  /** One ride a minute with these velocities, mm/s; at rest in between. */
  const rides = (values: readonly number[], still = 0.15): StoryMessage[] =>
    values.flatMap((vibrationRms, index) => [
      says(`${index * 60}s`, { ...ride, vibrationRms }),
      says(`${index * 60 + 20}s`, { vibrationRms: still }),
    ])
  const severities = (where: typeof lift, said: readonly StoryMessage[]) =>
    story(shipped('machine-vibration'), where)
      .say(...said)
      .findings.map(({ change, severity, at }) => `${change} ${severity} ${(at % 3_600_000) / 60_000}`)

  test('zone C is medium, zone D high, by the power of the motor', () => {
    const said = rides([1, 2, 2, 2, 5, 2, 1, 1, 1, 1, 1])
    const small = ['began medium 3', 'severity high 4', 'severity medium 5', 'ended medium 10']
    expect(severities(lift, said)).toEqual(small)
    expect(severities(unknown, said)).toEqual(small)
    expect(severities(big, said)).toEqual([])
    expect(severities(big, rides([3, 3, 3, 7.2]))).toEqual(['began medium 2', 'severity high 3'])
  })
  test('at rest it says nothing: shaking does not raise, stillness does not clear', () => {
    expect(severities(lift, rides([1, 1, 1, 1, 1, 1], 6))).toEqual([])
    expect(severities(lift, [...rides([2, 2, 2]), ...every(30, 200, 3000, {})])).toEqual(['began medium 2'])
  })
  test('two rough rides of five, or just at the limit: quiet', () => {
    expect(severities(lift, rides([2, 1, 2, 1, 1, 1, 2, 2, 1, 1]))).toEqual([])
    expect(severities(lift, rides([1.8, 1.8, 1.8, 1.8]))).toEqual([])
  })
  test('the reason names the figures', () => {
    const [first] = tell('machine-vibration').say(...rides([2, 2, 2])).findings
    expect(first?.reason).toEqual({
      zh: '最近 3 次运行中有 3 次振动超限，当前 2 mm/s',
      en: 'Vibration above the limit in 3 of the last 3 rides, now 2 mm/s',
    })
  })
})

describe('E13 test call', () => {
  const e13 = () => tell('test-call-overdue')
  const hourly = (from: number, to: number): StoryMessage[] => every(h, from * h, to * h, {})

  test('72 h after the last; over with the next', () => {
    const told = e13()
      .say(event('1h', 'test-call'), ...hourly(2, 74), event('75h', 'test-call'))
      .emitted()
    expect(told).toEqual([`began test-call-overdue@${73 * h}`, `ended test-call-overdue@${75 * h}`])
  })
  test('a lift that never made one', () => {
    expect(
      e13()
        .say(...hourly(0, 73))
        .emitted(),
    ).toEqual([`began test-call-overdue@${72 * h}`])
  })
  test('every 71 h, with other events in between: quiet', () => {
    const said = [
      event('1h', 'test-call'),
      ...hourly(2, 40),
      event('50h', 'tamper'),
      event('72h', 'test-call'),
      ...hourly(73, 142),
    ]
    expect(
      e13()
        .say(...said)
        .emitted(),
    ).toEqual([])
  })
  test('a box that is silent for more than a day is no overdue call', () => {
    expect(
      e13()
        .say(event('1h', 'test-call'), ...hourly(2, 40))
        .tick('80h', 60)
        .emitted(),
    ).toEqual([])
  })
})

describe('E14 out of service too long', () => {
  const e14 = () => tell('out-of-service-long')
  const out = { carMode: 'out-of-service' }

  test('24 h, while it says so or says nothing more; over when it runs again', () => {
    const told = e14().say(says('1h', out)).tick('26h', 60).say(says('30h')).emitted()
    expect(told).toEqual([`began out-of-service-long@${25 * h}`, `ended out-of-service-long@${30 * h}`])
  })
  test('events alone tell it too', () => {
    const said = [event('1h', 'out-of-service'), event('26h', 'back-in-service')]
    expect(
      e14()
        .say(...said)
        .emitted(),
    ).toEqual([`began out-of-service-long@${25 * h}`, `ended out-of-service-long@${26 * h}`])
  })
  test('inspection by the mechanic in between is still out', () => {
    const told = e14()
      .say(says('1h', out), says('3h', { carMode: 'inspection' }), says('5h', out))
      .tick('26h', 60)
      .emitted()
    expect(told).toEqual([`began out-of-service-long@${25 * h}`])
  })
  test.each<[string, readonly StoryMessage[]]>([
    [
      '23 h',
      [event('1h', 'out-of-service'), says('1h 1s', out), event('24h', 'back-in-service'), says('24h 1s')],
    ],
    ['back for a moment', [says('1h', out), says('20h'), says('20h 5m', out)]],
    ['inspection alone', [says('1h', { carMode: 'inspection' })]],
    ['an event of another kind', [event('1h', 'test-call')]],
  ])('%s: quiet', (_, said) => {
    expect(
      e14()
        .say(...said)
        .tick('40h', 60)
        .emitted(),
    ).toEqual([])
  })
  test('of two overlapping outages the end of one does not end the other', () => {
    const told = e14()
      .say(event('1h', 'out-of-service'), says('1h', out), event('4h', 'out-of-service'))
      .say(event('5h', 'back-in-service'), says('5h', out))
      .tick('26h', 60)
      .emitted()
    expect(told).toEqual([`began out-of-service-long@${25 * h}`])
  })
})

describe('E15 chronic lift', () => {
  const e15 = () => tell('chronic-lift')
  const outage = (day: number, events: readonly [string, string] | [] = []): StoryMessage[] => [
    ...events.slice(0, 1).map((type) => event(`${day}d`, type)),
    says(`${day}d 10s`, { carMode: 'out-of-service' }),
    says(`${day}d 1h`, { carMode: 'out-of-service' }),
    ...events.slice(1).map((type) => event(`${day}d 3h`, type)),
    says(`${day}d 3h`),
  ]
  const days = (list: readonly number[], events?: readonly [string, string]) =>
    list.flatMap((day) => outage(day, events))
  const d = 24 * h

  test('the fourth within 30 days, told with events or without; over 30 days after the first of the last four', () => {
    for (const events of [undefined, ['out-of-service', 'back-in-service'] as const]) {
      const told = e15()
        .say(...days([1, 8, 15, 29], events), says('40d'))
        .emitted()
      expect(told).toEqual([`began chronic-lift@${29 * d + 10}`, `ended chronic-lift@${31 * d + 10}`])
    }
  })
  test('what else the box says during an outage is no outage', () => {
    const said = [1, 8].flatMap((day) => [
      ...outage(day, ['out-of-service', 'back-in-service']).slice(0, 2),
      event(`${day}d 30m`, 'test-call'),
      event(`${day}d 40m`, 'tamper'),
      ...outage(day, ['out-of-service', 'back-in-service']).slice(2),
    ])
    expect(
      e15()
        .say(...said)
        .emitted(),
    ).toEqual([])
  })
  test('three, or four in 31 days: quiet', () => {
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
  test('planned outages and inspections do not count', () => {
    const inspections = [1, 4, 8, 12, 16].flatMap((day) => [
      says(`${day}d`, { carMode: 'inspection' }),
      says(`${day}d 2h`),
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
