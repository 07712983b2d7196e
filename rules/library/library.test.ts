/** The shipped rules as timelines: when each fires and when it stays quiet (domain.md 2-7). */
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../model/device-type.ts'
import { device, directoryOf, type StoryMessage, shipped, story } from '../testing/community.ts'

const lift = directoryOf([device('lift1', 'elevator')])
const stuck = {
  carMode: 'normal',
  carDriveStatus: 'stationary',
  carDoorZone: false,
  carDoorStatus: 'closed',
  passengerPresence: true,
  passengerAlarm: false,
  carSpeed: 0,
}
const saysOf =
  (id: string, base: FieldValues) =>
  (at: string, values: FieldValues = {}, more: Partial<StoryMessage> = {}): StoryMessage => ({
    device: id,
    at,
    values: { ...base, ...values },
    ...more,
  })
const liftSays = saysOf('lift1', stuck)
const opened = { carDoorZone: true, carDoorStatus: 'opened' }

describe('E1 entrapment between floors', () => {
  const tell = () => story(shipped('entrapment-between-floors'), lift)

  test('raised after 45 s by the hub timer when the lift says nothing more, cleared in the zone with open door', () => {
    const told = tell().say(liftSays('10s')).tick('2m').say(liftSays('130s', opened)).emitted()
    expect(told).toEqual(['began entrapment-between-floors@55', 'ended entrapment-between-floors@130'])
  })
  test('the same stamp when readings confirm it', () => {
    const said = ['10s', '20s', '30s', '40s', '50s', '60s'].map((at) => liftSays(at))
    expect(
      tell()
        .say(...said)
        .emitted(),
    ).toEqual(['began entrapment-between-floors@55'])
  })
  test('44 s is too short', () => {
    expect(tell().say(liftSays('10s'), liftSays('54s', opened)).tick('3m').emitted()).toEqual([])
  })
  test('open door out of the zone, or the zone with closed door, does not clear', () => {
    const told = tell()
      .say(liftSays('10s'))
      .tick('70s')
      .say(liftSays('80s', { carDoorStatus: 'opened' }), liftSays('90s', { carDoorZone: true }))
      .say(liftSays('95s', { passengerPresence: false }), liftSays('99s', { carMode: 'inspection' }))
      .tick('5m')
      .emitted()
    expect(told).toEqual(['began entrapment-between-floors@55'])
  })
  test('the sensor loses people in a closed car: they are still there', () => {
    const said = [
      liftSays('0s', { ...opened, carDriveStatus: 'stationary' }),
      liftSays('12s', { carDriveStatus: 'rated-speed' }),
      liftSays('20s'),
      liftSays('30s', { passengerPresence: false }),
      liftSays('50s', { passengerPresence: false }),
    ]
    expect(
      tell()
        .say(...said)
        .tick('2m')
        .emitted(),
    ).toEqual(['began entrapment-between-floors@65'])
  })
  test('a flicker of less than 10 s in an empty car is nobody', () => {
    const empty = { passengerPresence: false }
    const said = [liftSays('0s', empty), liftSays('10s'), liftSays('15s', empty), liftSays('40s', empty)]
    expect(
      tell()
        .say(...said)
        .tick('3m')
        .emitted(),
    ).toEqual([])
  })
  test('a flickering sensor does not hide people', () => {
    const said = Array.from({ length: 15 }, (_, index) =>
      liftSays(`${10 + index * 5}s`, { passengerPresence: index % 2 === 0 }),
    )
    expect(
      tell()
        .say(...said)
        .emitted(),
    ).toEqual(['began entrapment-between-floors@65'])
  })
  test('inspection, a door zone, an empty car: quiet', () => {
    const quiet: FieldValues[] = [
      { carMode: 'inspection' },
      { carDoorZone: true },
      { passengerPresence: false },
    ]
    for (const values of quiet) {
      expect(tell().say(liftSays('10s', values), liftSays('70s', values)).tick('3m').emitted()).toEqual([])
    }
  })
  test('a missing presence is unknown: neither raised nor taken for nobody', () => {
    const { passengerPresence: _, ...without } = stuck
    const said: StoryMessage[] = ['10s', '70s'].map((at) => ({ device: 'lift1', at, values: without }))
    expect(
      tell()
        .say(...said)
        .tick('3m')
        .emitted(),
    ).toEqual([])
  })
})

describe('E3 alarm button', () => {
  const tell = () => story(shipped('lift-alarm-button'), lift)
  const pressed = { passengerAlarm: true }

  test('at once when the car stands with its door closed', () => {
    expect(tell().say(liftSays('10s', pressed)).emitted()).toEqual(['began lift-alarm-button@10'])
  })
  test('filtered on a normal trip and with the door open in the zone, but not when held for 30 s', () => {
    for (const filter of [{ carDriveStatus: 'rated-speed' }, opened]) {
      const values = { ...pressed, ...filter }
      expect(
        tell()
          .say(liftSays('10s', values), liftSays('20s', { ...values, passengerAlarm: false }))
          .emitted(),
      ).toEqual([])
      expect(tell().say(liftSays('10s', values), liftSays('35s', values)).tick('1m').emitted()).toEqual([
        'began lift-alarm-button@40',
      ])
    }
  })
  test('not muted in inspection', () => {
    expect(
      tell()
        .say(liftSays('1s', { ...pressed, carMode: 'inspection' }))
        .emitted(),
    ).toHaveLength(1)
  })
  test('released, it stays until the door has opened in the zone', () => {
    const told = tell()
      .say(liftSays('10s', pressed), liftSays('15s'), liftSays('60s'))
      .say(liftSays('70s', opened))
      .emitted()
    expect(told).toEqual(['began lift-alarm-button@10', 'ended lift-alarm-button@70'])
  })
})

describe('E5 moving with door open', () => {
  const tell = () => story(shipped('moving-with-door-open'), lift)
  const moving = { carSpeed: -0.8, carDoorStatus: 'opened' }

  test('after two samples and 3 s', () => {
    const told = tell()
      .say(liftSays('1s', moving), liftSays('2s', moving), liftSays('3s', moving), liftSays('4s', moving))
      .say(liftSays('9s'))
      .emitted()
    expect(told).toEqual(['began moving-with-door-open@4', 'ended moving-with-door-open@9'])
  })
  test('the reason has the words of the house, in both languages', () => {
    const end = tell().say(liftSays('1s', moving), liftSays('2s', moving), liftSays('4s', moving))
    expect(end.findings[0]?.reason).toEqual({
      zh: '轿门打开时仍以 -0.8 m/s 运行',
      en: 'Moving at -0.8 m/s with the car door open',
    })
  })
  test('one sample is not enough, however long', () => {
    expect(tell().say(liftSays('1s', moving)).tick('5m').emitted()).toEqual([])
    expect(tell().say(liftSays('1s', moving), liftSays('11s', moving)).emitted()).toEqual([
      'began moving-with-door-open@11',
    ])
  })
  test('re-levelling, a closed door, inspection: quiet', () => {
    const quiet: FieldValues[] = [{ carSpeed: 0.3 }, { carDoorStatus: 'closed' }, { carMode: 'inspection' }]
    for (const values of quiet) {
      const said = ['1s', '3s', '6s'].map((at) => liftSays(at, { ...moving, ...values }))
      expect(
        tell()
          .say(...said)
          .emitted(),
      ).toEqual([])
    }
  })
})

const lampMeta = { powerRating: 60 }
const lamp = (id: string) => device(id, 'streetlight', { circuit: 'c1', meta: lampMeta })
const lit = { powerState: 'on', powerConsumption: 58, illuminanceLevel: 1 }
const dark = { ...lit, powerConsumption: 1 }
const everyMinute = (id: string, values: FieldValues, from: number, to: number): StoryMessage[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ device: id, at: `${from + index}m`, values }))

describe('L2 dark at night', () => {
  const one = directoryOf([lamp('l1')])
  const tell = () => story(shipped('lamp-dark'), one)

  test('10 min under 20 % of expected', () => {
    const told = tell()
      .say(...everyMinute('l1', lit, 0, 9), ...everyMinute('l1', dark, 10, 22))
      .say({ device: 'l1', at: '30m', values: lit })
      .emitted()
    expect(told).toEqual(['began lamp-dark@1200', 'ended lamp-dark@1800'])
  })
  test('warm-up does not count', () => {
    const told = tell()
      .say(
        { device: 'l1', at: '0m', values: { ...dark, powerState: 'off' } },
        ...everyMinute('l1', dark, 1, 15),
      )
      .emitted()
    expect(told).toEqual([])
  })
  test('dimmed: expected is dimmed too', () => {
    const dimmed = { ...lit, illuminanceLevel: 0.3, powerConsumption: 5 }
    expect(
      tell()
        .say(...everyMinute('l1', dimmed, 0, 40))
        .emitted(),
    ).toEqual([])
  })
  test('a gap of 38 min while lit is unknown, never dark', () => {
    const said = [
      ...everyMinute('l1', lit, 0, 9),
      ...everyMinute('l1', dark, 10, 10),
      ...everyMinute('l1', lit, 48, 60),
    ]
    expect(
      tell()
        .say(...said)
        .tick('2h', 30)
        .emitted(),
    ).toEqual([])
  })
  test('switched off is not dark', () => {
    const off = { powerState: 'off', powerConsumption: 0, illuminanceLevel: 0 }
    expect(
      tell()
        .say(...everyMinute('l1', off, 0, 40))
        .emitted(),
    ).toEqual([])
  })
})

describe('L4 circuit outage', () => {
  const ids = ['l1', 'l2', 'l3', 'l4']
  const circuit = directoryOf(ids.map(lamp))
  const tell = () => story(shipped('circuit-outage', 'lamp-dark', 'device-offline'), circuit)
  const minutes = (
    values: (id: string, minute: number) => FieldValues | undefined,
    from: number,
    to: number,
  ) => {
    const said: StoryMessage[] = []
    for (let minute = from; minute <= to; minute += 1) {
      for (const id of ids) {
        const told = values(id, minute)
        if (told) said.push({ device: id, at: `${minute}m`, values: told })
      }
    }
    return said
  }

  test('three dark lamps are one incident, sooner than the lamps, and it holds them', () => {
    const outAt: Record<string, number> = { l1: 10, l2: 12, l3: 14 }
    const end = tell().say(...minutes((id, m) => (m >= (outAt[id] ?? 99) ? dark : lit), 0, 26))
    const [first] = end.findings
    expect(end.emitted()).toEqual([
      'began circuit-outage@960',
      'began lamp-dark@1200',
      'began lamp-dark@1320',
      'began lamp-dark@1440',
    ])
    expect(first).toMatchObject({
      subject: 'c1',
      device: 'l1',
      devices: ids,
      severity: 'high',
      inhibits: ['lamp-dark', 'mass-offline-circuit', 'device-offline'],
      reason: { zh: '同一回路 4 盏灯中 3 盏熄灭（不亮 3，失联 0）' },
    })
  })
  test('silent lamps that were lit count before they are offline', () => {
    const told = tell()
      .say(...minutes((id, m) => (id !== 'l4' && m > 10 ? undefined : lit), 0, 30))
      .emitted()
    expect(told[0]).toBe('began circuit-outage@1140')
    expect(told.filter((one) => one.includes('device-offline'))).toHaveLength(3)
  })
  test('two lamps, lamps out at different times, and lamps that were off: quiet', () => {
    const quiet = (values: (id: string, m: number) => FieldValues | undefined, to: number) =>
      tell()
        .say(...minutes(values, 0, to))
        .emitted()
        .filter((one) => one.includes('circuit'))
    expect(quiet((id, m) => (m >= 10 && (id === 'l1' || id === 'l2') ? dark : lit), 30)).toEqual([])
    const outAt: Record<string, number> = { l1: 10, l2: 25, l3: 40 }
    expect(quiet((id, m) => (m >= (outAt[id] ?? 99) ? dark : lit), 50)).toEqual([])
    const off = { powerState: 'off', powerConsumption: 0 }
    expect(quiet((id, m) => (m > 10 && id !== 'l4' ? undefined : off), 40)).toEqual([])
  })
  test('over when the lamps are lit again', () => {
    const told = tell()
      .say(...minutes((id, m) => (m >= 10 && m < 15 && id !== 'l4' ? dark : lit), 0, 20))
      .emitted()
    expect(told).toEqual(['began circuit-outage@720', 'ended circuit-outage@900'])
  })
})

describe('B1 full', () => {
  const bins = directoryOf([device('b1', 'bin')])
  const binSays = (at: string, fillingLevel: number): StoryMessage => ({
    device: 'b1',
    at,
    values: { fillingLevel },
  })

  test('low from 0.80, high from 0.95 and down again, over when emptied', () => {
    const end = story(shipped('bin-full'), bins).say(
      ...[
        binSays('1h', 0.79),
        binSays('2h', 0.8),
        binSays('3h', 0.95),
        binSays('4h', 0.92),
        binSays('5h', 0.89),
      ],
      ...[binSays('6h', 0.78), binSays('7h', 0.1)],
    )
    expect(end.findings.map(({ change, severity }) => `${change} ${severity}`)).toEqual([
      'began low',
      'severity high',
      'severity low',
      'ended low',
    ])
    expect(end.findings[0]?.reason.zh).toBe('满溢度 80 %')
  })
})

describe('B4 fire', () => {
  const bins = directoryOf([device('b1', 'bin')])
  const binSays = (at: string, temperature: number): StoryMessage => ({
    device: 'b1',
    at,
    values: { temperature },
  })
  const tell = () => story(shipped('bin-fire'), bins)

  test('60 degrees; over below 50', () => {
    const told = tell()
      .say(binSays('1h', 55), binSays('2h', 60), binSays('3h', 52), binSays('4h', 40))
      .emitted()
    expect(told).toEqual(['began bin-fire@7200', 'ended bin-fire@14400'])
  })
  test('10 K within 10 min, and it burns on at 58 degrees', () => {
    const told = tell()
      .say(binSays('0m', 20), binSays('5m', 26), binSays('9m', 30), binSays('15m', 58), binSays('40m', 58))
      .say(binSays('60m', 30))
      .emitted()
    expect(told).toEqual(['began bin-fire@540', 'ended bin-fire@3600'])
  })
  test('a bin that says that it burns, with or without a temperature', () => {
    const says = (at: string, status: string): StoryMessage => ({ device: 'b1', at, values: { status } })
    const told = tell().say(says('1h', 'ok'), says('2h', 'burning'), says('3h', 'burning'), says('4h', 'ok'))
    expect(told.emitted()).toEqual(['began bin-fire@7200', 'ended bin-fire@14400'])
    expect(told.findings[0]?.reason.zh).toBe('垃圾桶自报起火，桶内温度 未知 °C')
  })
  test('the way back from a wild low value is no fire; a bin that burns after one is', () => {
    const said = [25, 25, 0, 25, 26].map((value, index) => binSays(`${index * 5}m`, value))
    const end = tell().say(...said)
    expect(end.emitted()).toEqual([])
    expect(end.say(binSays('24m', 37)).emitted()).toEqual(['began bin-fire@1440'])
    expect(end.findings[0]?.reason.en).toBe('Temperature in the bin rose from 25 to 37 °C within 9 min')
  })
  test('the sun: 10 K in an hour up to 50 degrees', () => {
    const said = [20, 22, 24, 27, 31, 35, 40, 45, 50].map((value, index) => binSays(`${index * 10}m`, value))
    expect(
      tell()
        .say(...said)
        .emitted(),
    ).toEqual([])
  })
})

const entrance = device('front', 'door', { home: 'h1', meta: { role: 'entrance' } })
const inner = device('hall', 'motion', { home: 'h1', meta: { role: 'movement' } })

describe('H1 no opening of the entrance door', () => {
  const only = directoryOf([entrance])
  const both = directoryOf([entrance, inner])
  const door = (at: string, values: FieldValues, more: Partial<StoryMessage> = {}): StoryMessage => ({
    device: 'front',
    at,
    values,
    ...more,
  })
  const opening = (at: string) => [
    door(at, { contact: false }),
    door(at.replace(/$/, ' 20s'), { contact: true }),
  ]
  const alive = (hours: readonly number[]) =>
    hours.map((hour) => door(`${hour}h`, { contact: true, openCount: 3 }))
  const h1 = (directory = only) => story(shipped('no-entrance-opening', 'device-offline'), directory)
  const daily = [24, 40]

  test('48 h after the last opening, while the sensor is alive', () => {
    const end = h1()
      .say(...opening('1h'), ...alive(daily))
      .tick('50h', 60)
    expect(end.emitted()).toEqual([`began no-entrance-opening@${49 * 3600 + 20}`])
    expect(end.findings[0]).toMatchObject({
      device: 'front',
      subject: 'h1',
      kind: 'welfare',
      severity: 'high',
    })
  })
  test('24 h when the home is fragile', () => {
    const fragile = directoryOf([entrance], { h1: { fragile: true } })
    expect(
      h1(fragile)
        .say(...opening('1h'), ...alive([12]))
        .tick('26h', 60)
        .emitted(),
    ).toEqual([`began no-entrance-opening@${25 * 3600 + 20}`])
  })
  test('an opening of which only the count tells', () => {
    const told = h1()
      .say(
        ...opening('1h'),
        door('2h', { contact: true, openCount: 3 }),
        door('26h', { contact: true, openCount: 4 }),
      )
      .say(door('50h', { contact: true, openCount: 4 }))
      .tick('72h', 60)
      .emitted()
    expect(told).toEqual([])
  })
  test('a sensor that falls silent is a device alert, never a welfare alarm', () => {
    const told = h1()
      .say(...opening('1h'))
      .tick('80h', 60)
      .emitted()
    expect(told).toEqual([`began device-offline@${26 * 3600 + 20}`])
  })
  test('a sensor that never spoke is a device alert after 25 h', () => {
    expect(
      h1(both)
        .tick('0h')
        .say(
          ...Array.from(
            { length: 30 },
            (_, hour): StoryMessage => ({
              device: 'hall',
              at: `${hour + 1}h`,
              values: { occupancy: true },
            }),
          ),
        )
        .tick('60h', 60)
        .emitted(),
    ).toEqual([`began device-offline@${25 * 3600}`, `began device-offline@${55 * 3600}`])
  })
  test('with activity inside in the last 12 h nobody is missed; 12 h after it stops somebody is', () => {
    const motion = (hour: number): StoryMessage => ({
      device: 'hall',
      at: `${hour}h`,
      values: { occupancy: true },
    })
    const until = (hours: number) => Array.from({ length: hours - 1 }, (_, hour) => motion(hour + 2))
    const merged = (last: number) =>
      [...opening('1h'), ...alive([24, 40, 56, 70]), ...until(last)].sort(
        (a, b) => Number.parseInt(a.at, 10) - Number.parseInt(b.at, 10),
      )
    expect(
      h1(both)
        .say(...merged(60))
        .tick('71h', 60)
        .emitted(),
    ).toEqual([])
    expect(
      h1(both)
        .say(...merged(60))
        .tick('73h', 60)
        .emitted(),
    ).toEqual([`began no-entrance-opening@${72 * 3600}`])
  })
  test('a bed sensor that stays active is no activity', () => {
    const bed = device('bed', 'motion', { home: 'h1', meta: { role: 'bed' } })
    const bedSays = Array.from(
      { length: 48 },
      (_, hour): StoryMessage => ({ device: 'bed', at: `${hour + 2}h`, values: { occupancy: true } }),
    )
    const said = [...opening('1h'), ...alive(daily), ...bedSays].sort(
      (a, b) => Number.parseInt(a.at, 10) - Number.parseInt(b.at, 10),
    )
    expect(
      story(shipped('no-entrance-opening'), directoryOf([entrance, bed]))
        .say(...said)
        .tick('50h', 60)
        .emitted(),
    ).toEqual([`began no-entrance-opening@${49 * 3600 + 20}`])
  })
  test('an opening ends it; one that comes late takes it back', () => {
    const raised = () =>
      h1()
        .say(...opening('1h'), ...alive(daily))
        .tick('50h', 60)
    expect(
      raised()
        .say(...opening('51h'))
        .emitted()
        .slice(1),
    ).toEqual([`ended no-entrance-opening@${51 * 3600}`])
    expect(
      raised()
        .say(door('30h', { contact: false }, { receivedAt: '51h' }))
        .emitted()
        .slice(1),
    ).toEqual([`retracted no-entrance-opening@${49 * 3600 + 20}`])
  })
  test('an inner door is no entrance', () => {
    const kitchen = directoryOf([device('kitchen', 'door', { home: 'h1', meta: { role: 'interior' } })])
    expect(story(shipped('no-entrance-opening'), kitchen).tick('80h', 60).emitted()).toEqual([])
  })
})

describe('H9 entrance left open', () => {
  const doors = directoryOf([entrance, device('kitchen', 'door', { home: 'h1', meta: { role: 'interior' } })])
  const tell = () => story(shipped('entrance-left-open'), doors)

  test('after 10 min, entrance doors only', () => {
    const told = tell()
      .say(
        { device: 'front', at: '0m', values: { contact: false } },
        { device: 'kitchen', at: '0m', values: { contact: false } },
      )
      .tick('20m')
      .say({ device: 'front', at: '21m', values: { contact: true } })
      .emitted()
    expect(told).toEqual(['began entrance-left-open@600', 'ended entrance-left-open@1260'])
  })
  test.each([
    ['in the cold after 5 min', 4.9, [300, 660]],
    ['not at 5 degrees', 5, [600, 660]],
  ])('%s', (_, outdoorTemperature, [began, ended]) => {
    const told = tell()
      .say({ device: 'front', at: '0m', values: { contact: false, outdoorTemperature } })
      .tick('10m 50s')
      .say({ device: 'front', at: '11m', values: { contact: true, outdoorTemperature } })
    expect(told.emitted()).toEqual([`began entrance-left-open@${began}`, `ended entrance-left-open@${ended}`])
    expect(told.findings[0]?.reason.en.includes('outdoors')).toBe(outdoorTemperature < 5)
  })
  test('shut within 5 min in the cold', () => {
    const told = tell()
      .say({ device: 'front', at: '0m', values: { contact: false, outdoorTemperature: -8 } })
      .say({ device: 'front', at: '4m 59s', values: { contact: true, outdoorTemperature: -8 } })
    expect(told.tick('20m').emitted()).toEqual([])
  })
  test('a closing that comes late, but was in time, takes it back', () => {
    const told = tell()
      .say({ device: 'front', at: '0m', values: { contact: false } })
      .tick('12m')
      .say({ device: 'front', at: '3m', receivedAt: '12m 1s', values: { contact: true } })
      .emitted()
    expect(told).toEqual(['began entrance-left-open@600', 'retracted entrance-left-open@600'])
  })
})

describe('H10 SOS', () => {
  const home = directoryOf([inner])
  const press = (at: string, more: Partial<StoryMessage> = {}): StoryMessage => ({
    device: 'hall',
    kind: 'event',
    at,
    values: { type: 'sos' },
    ...more,
  })
  const tell = () => story(shipped('sos-button'), home)

  test('at once; pressed again soon it is the same; nobody but a person ends it', () => {
    expect(tell().say(press('1m'), press('2m'), press('9m')).tick('2h').emitted()).toEqual([
      'began sos-button@60',
    ])
  })
  test('pressed again after 10 min of quiet it is another call', () => {
    expect(tell().say(press('1m')).tick('15m').say(press('16m')).emitted()).toEqual([
      'began sos-button@60',
      'began sos-button@960',
    ])
  })
  test('a call that was held up for an hour is still heard', () => {
    const told = tell()
      .say({ device: 'hall', at: '70m', values: { occupancy: true } }, press('5m', { receivedAt: '71m' }))
      .emitted()
    expect(told).toEqual(['began sos-button@300'])
  })
  test('other events are none', () => {
    expect(
      tell()
        .say(press('1m', { values: { type: 'tamper' } }))
        .emitted(),
    ).toEqual([])
  })
})

describe('D1 offline', () => {
  const two = directoryOf([lamp('l1'), entrance])
  const tell = () => story(shipped('device-offline'), two)

  test('mains after 10 min, battery after 25 h; heard again it ends', () => {
    const told = tell()
      .say({ device: 'l1', at: '1m', values: lit }, { device: 'front', at: '1m', values: { contact: true } })
      .tick('20m')
      .say({ device: 'l1', at: '21m', values: lit })
      .emitted()
    expect(told).toEqual(['began device-offline@660', 'ended device-offline@1260'])
  })
  test('the Last Will at once, whatever its ts', () => {
    const will: StoryMessage = {
      device: 'l1',
      kind: 'status',
      at: '-30h',
      receivedAt: '2m',
      quality: 'late',
      values: { state: 'offline' },
    }
    const end = tell().say({ device: 'l1', at: '1m', values: lit }, will)
    expect(end.emitted()).toEqual(['began device-offline@120'])
    expect(end.findings[0]?.reason.en).toBe('Device disconnected (Last Will received)')
  })
  test('a device that never spoke', () => {
    const end = tell().tick('0s').tick('11m')
    expect(end.emitted()).toEqual(['began device-offline@600'])
    expect(end.findings[0]?.reason.en).toContain('No message since the device was registered')
  })
  test('a device with a broken clock is still heard', () => {
    const said = Array.from(
      { length: 30 },
      (_, minute): StoryMessage => ({
        device: 'l1',
        at: '-3d',
        receivedAt: `${minute}m`,
        quality: 'late',
        values: lit,
      }),
    )
    expect(
      tell()
        .say(...said)
        .emitted(),
    ).toEqual([])
  })
})

describe('D2 battery', () => {
  const bins = directoryOf([device('b1', 'bin')])
  const says = (at: string, batteryLevel: number): StoryMessage => ({
    device: 'b1',
    at,
    values: { batteryLevel },
  })

  test('low below 20 %, medium below 10 %, -1 is unknown', () => {
    const end = story(shipped('battery-low'), bins).say(
      ...[
        says('1h', 0.2),
        says('2h', -1),
        says('3h', 0.19),
        says('4h', 0.09),
        says('5h', -1),
        says('6h', 0.11),
      ],
      ...[says('7h', 0.13), says('8h', 0.22), says('9h', 0.9)],
    )
    expect(
      end.findings.map(
        ({ change, severity, at: when }) => `${change} ${severity} ${new Date(when).getUTCHours()}`,
      ),
    ).toEqual(['began low 3', 'severity medium 4', 'severity low 7', 'ended low 9'])
  })
})
