/** The shipped rules: when each raises and when not (domain.md 2-7). */
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
const readingOf =
  (id: string, base: FieldValues) =>
  (at: string, values: FieldValues = {}, more: Partial<StoryMessage> = {}): StoryMessage => ({
    device: id,
    at,
    values: { ...base, ...values },
    ...more,
  })
const liftReading = readingOf('lift1', stuck)
const opened = { carDoorZone: true, carDoorStatus: 'opened' }

describe('E1 entrapment between floors', () => {
  const start = () => story(shipped('entrapment-between-floors'), lift)

  test('raises after 45 s by the hub timer if the lift stops reporting, clears in the zone with an open door', () => {
    const changes = start().say(liftReading('10s')).tick('2m').say(liftReading('130s', opened)).emitted()
    expect(changes).toEqual(['began entrapment-between-floors@55', 'ended entrapment-between-floors@130'])
  })
  test('has the same start time if readings confirm it', () => {
    const messages = ['10s', '20s', '30s', '40s', '50s', '60s'].map((at) => liftReading(at))
    expect(
      start()
        .say(...messages)
        .emitted(),
    ).toEqual(['began entrapment-between-floors@55'])
  })
  test('does not raise at 44 s', () => {
    expect(start().say(liftReading('10s'), liftReading('54s', opened)).tick('3m').emitted()).toEqual([])
  })
  test('does not clear with an open door outside the zone, or a closed door in the zone', () => {
    const changes = start()
      .say(liftReading('10s'))
      .tick('70s')
      .say(liftReading('80s', { carDoorStatus: 'opened' }), liftReading('90s', { carDoorZone: true }))
      .say(liftReading('95s', { passengerPresence: false }), liftReading('99s', { carMode: 'inspection' }))
      .tick('5m')
      .emitted()
    expect(changes).toEqual(['began entrapment-between-floors@55'])
  })
  test('raises if the sensor loses people in a closed car', () => {
    const messages = [
      liftReading('0s', { ...opened, carDriveStatus: 'stationary' }),
      liftReading('12s', { carDriveStatus: 'rated-speed' }),
      liftReading('20s'),
      liftReading('30s', { passengerPresence: false }),
      liftReading('50s', { passengerPresence: false }),
    ]
    expect(
      start()
        .say(...messages)
        .tick('2m')
        .emitted(),
    ).toEqual(['began entrapment-between-floors@65'])
  })
  test('ignores presence below 10 s in an empty car', () => {
    const empty = { passengerPresence: false }
    const messages = [
      liftReading('0s', empty),
      liftReading('10s'),
      liftReading('15s', empty),
      liftReading('40s', empty),
    ]
    expect(
      start()
        .say(...messages)
        .tick('3m')
        .emitted(),
    ).toEqual([])
  })
  test('raises with a flickering sensor', () => {
    const messages = Array.from({ length: 15 }, (_, index) =>
      liftReading(`${10 + index * 5}s`, { passengerPresence: index % 2 === 0 }),
    )
    expect(
      start()
        .say(...messages)
        .emitted(),
    ).toEqual(['began entrapment-between-floors@65'])
  })
  test('ignores inspection, a door zone and an empty car', () => {
    const quiet: FieldValues[] = [
      { carMode: 'inspection' },
      { carDoorZone: true },
      { passengerPresence: false },
    ]
    for (const values of quiet) {
      expect(
        start().say(liftReading('10s', values), liftReading('70s', values)).tick('3m').emitted(),
      ).toEqual([])
    }
  })
  test('treats missing presence as unknown', () => {
    const { passengerPresence: _, ...without } = stuck
    const messages: StoryMessage[] = ['10s', '70s'].map((at) => ({ device: 'lift1', at, values: without }))
    expect(
      start()
        .say(...messages)
        .tick('3m')
        .emitted(),
    ).toEqual([])
  })
})

describe('E3 alarm button', () => {
  const start = () => story(shipped('lift-alarm-button'), lift)
  const pressed = { passengerAlarm: true }

  test('raises at once while the car stands with its door closed', () => {
    expect(start().say(liftReading('10s', pressed)).emitted()).toEqual(['began lift-alarm-button@10'])
  })
  test('is filtered on a normal trip and with the door open in the zone, but not if pressed for 30 s', () => {
    for (const filter of [{ carDriveStatus: 'rated-speed' }, opened]) {
      const values = { ...pressed, ...filter }
      expect(
        start()
          .say(liftReading('10s', values), liftReading('20s', { ...values, passengerAlarm: false }))
          .emitted(),
      ).toEqual([])
      expect(
        start().say(liftReading('10s', values), liftReading('35s', values)).tick('1m').emitted(),
      ).toEqual(['began lift-alarm-button@40'])
    }
  })
  test('is not muted in inspection', () => {
    expect(
      start()
        .say(liftReading('1s', { ...pressed, carMode: 'inspection' }))
        .emitted(),
    ).toHaveLength(1)
  })
  test('stays active after release until the door opens in the zone', () => {
    const changes = start()
      .say(liftReading('10s', pressed), liftReading('15s'), liftReading('60s'))
      .say(liftReading('70s', opened))
      .emitted()
    expect(changes).toEqual(['began lift-alarm-button@10', 'ended lift-alarm-button@70'])
  })
})

describe('E5 moving with door open', () => {
  const start = () => story(shipped('moving-with-door-open'), lift)
  const moving = { carSpeed: -0.8, carDoorStatus: 'opened' }

  test('raises after two samples and 3 s', () => {
    const changes = start()
      .say(
        liftReading('1s', moving),
        liftReading('2s', moving),
        liftReading('3s', moving),
        liftReading('4s', moving),
      )
      .say(liftReading('9s'))
      .emitted()
    expect(changes).toEqual(['began moving-with-door-open@4', 'ended moving-with-door-open@9'])
  })
  test('translates field values in the reason', () => {
    const end = start().say(liftReading('1s', moving), liftReading('2s', moving), liftReading('4s', moving))
    expect(end.findings[0]?.reason).toEqual({
      zh: '轿门打开时仍以 -0.8 m/s 运行',
      en: 'Moving at -0.8 m/s with the car door open',
    })
  })
  test('does not raise on one sample, however long', () => {
    expect(start().say(liftReading('1s', moving)).tick('5m').emitted()).toEqual([])
    expect(start().say(liftReading('1s', moving), liftReading('11s', moving)).emitted()).toEqual([
      'began moving-with-door-open@11',
    ])
  })
  test('ignores re-levelling, a closed door and inspection', () => {
    const quiet: FieldValues[] = [{ carSpeed: 0.3 }, { carDoorStatus: 'closed' }, { carMode: 'inspection' }]
    for (const values of quiet) {
      const messages = ['1s', '3s', '6s'].map((at) => liftReading(at, { ...moving, ...values }))
      expect(
        start()
          .say(...messages)
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
  const start = () => story(shipped('lamp-dark'), one)

  test('raises after 10 min below 20 % of expected', () => {
    const changes = start()
      .say(...everyMinute('l1', lit, 0, 9), ...everyMinute('l1', dark, 10, 22))
      .say({ device: 'l1', at: '30m', values: lit })
      .emitted()
    expect(changes).toEqual(['began lamp-dark@1200', 'ended lamp-dark@1800'])
  })
  test('ignores the warm-up', () => {
    const changes = start()
      .say(
        { device: 'l1', at: '0m', values: { ...dark, powerState: 'off' } },
        ...everyMinute('l1', dark, 1, 15),
      )
      .emitted()
    expect(changes).toEqual([])
  })
  test('expects less power when dimmed', () => {
    const dimmed = { ...lit, illuminanceLevel: 0.3, powerConsumption: 5 }
    expect(
      start()
        .say(...everyMinute('l1', dimmed, 0, 40))
        .emitted(),
    ).toEqual([])
  })
  test('treats a gap of 38 min while lit as unknown', () => {
    const messages = [
      ...everyMinute('l1', lit, 0, 9),
      ...everyMinute('l1', dark, 10, 10),
      ...everyMinute('l1', lit, 48, 60),
    ]
    expect(
      start()
        .say(...messages)
        .tick('2h', 30)
        .emitted(),
    ).toEqual([])
  })
  test('ignores a lamp that is switched off', () => {
    const off = { powerState: 'off', powerConsumption: 0, illuminanceLevel: 0 }
    expect(
      start()
        .say(...everyMinute('l1', off, 0, 40))
        .emitted(),
    ).toEqual([])
  })
})

describe('L4 circuit outage', () => {
  const ids = ['l1', 'l2', 'l3', 'l4']
  const circuit = directoryOf(ids.map(lamp))
  const start = () => story(shipped('circuit-outage', 'lamp-dark', 'device-offline'), circuit)
  const minutes = (
    values: (id: string, minute: number) => FieldValues | undefined,
    from: number,
    to: number,
  ) => {
    const messages: StoryMessage[] = []
    for (let minute = from; minute <= to; minute += 1) {
      for (const id of ids) {
        const changes = values(id, minute)
        if (changes) messages.push({ device: id, at: `${minute}m`, values: changes })
      }
    }
    return messages
  }

  test('raises one alert for three dark lamps before theirs, and inhibits them', () => {
    const outAt: Record<string, number> = { l1: 10, l2: 12, l3: 14 }
    const end = start().say(...minutes((id, m) => (m >= (outAt[id] ?? 99) ? dark : lit), 0, 26))
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
  test('counts lit lamps that stop reporting before they are offline', () => {
    const changes = start()
      .say(...minutes((id, m) => (id !== 'l4' && m > 10 ? undefined : lit), 0, 30))
      .emitted()
    expect(changes[0]).toBe('began circuit-outage@1140')
    expect(changes.filter((one) => one.includes('device-offline'))).toHaveLength(3)
  })
  test('ignores two lamps, lamps out at different times, and lamps that were off', () => {
    const quiet = (values: (id: string, m: number) => FieldValues | undefined, to: number) =>
      start()
        .say(...minutes(values, 0, to))
        .emitted()
        .filter((one) => one.includes('circuit'))
    expect(quiet((id, m) => (m >= 10 && (id === 'l1' || id === 'l2') ? dark : lit), 30)).toEqual([])
    const outAt: Record<string, number> = { l1: 10, l2: 25, l3: 40 }
    expect(quiet((id, m) => (m >= (outAt[id] ?? 99) ? dark : lit), 50)).toEqual([])
    const off = { powerState: 'off', powerConsumption: 0 }
    expect(quiet((id, m) => (m > 10 && id !== 'l4' ? undefined : off), 40)).toEqual([])
  })
  test('clears when the lamps are lit again', () => {
    const changes = start()
      .say(...minutes((id, m) => (m >= 10 && m < 15 && id !== 'l4' ? dark : lit), 0, 20))
      .emitted()
    expect(changes).toEqual(['began circuit-outage@720', 'ended circuit-outage@900'])
  })
})

describe('B1 full', () => {
  const bins = directoryOf([device('b1', 'bin')])
  const binReading = (at: string, fillingLevel: number): StoryMessage => ({
    device: 'b1',
    at,
    values: { fillingLevel },
  })

  test('raises low at 0.80, escalates at 0.95 and back, clears when emptied', () => {
    const end = story(shipped('bin-full'), bins).say(
      ...[
        binReading('1h', 0.79),
        binReading('2h', 0.8),
        binReading('3h', 0.95),
        binReading('4h', 0.92),
        binReading('5h', 0.89),
      ],
      ...[binReading('6h', 0.78), binReading('7h', 0.1)],
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
  const binReading = (at: string, temperature: number): StoryMessage => ({
    device: 'b1',
    at,
    values: { temperature },
  })
  const start = () => story(shipped('bin-fire'), bins)

  test('raises at 60 °C, clears below 50 °C', () => {
    const changes = start()
      .say(binReading('1h', 55), binReading('2h', 60), binReading('3h', 52), binReading('4h', 40))
      .emitted()
    expect(changes).toEqual(['began bin-fire@7200', 'ended bin-fire@14400'])
  })
  test('raises after 10 K within 10 min and stays active at 58 °C', () => {
    const changes = start()
      .say(
        binReading('0m', 20),
        binReading('5m', 26),
        binReading('9m', 30),
        binReading('15m', 58),
        binReading('40m', 58),
      )
      .say(binReading('60m', 30))
      .emitted()
    expect(changes).toEqual(['began bin-fire@540', 'ended bin-fire@3600'])
  })
  test('raises if the bin reports burning, with or without a temperature', () => {
    const reading = (at: string, status: string): StoryMessage => ({ device: 'b1', at, values: { status } })
    const changes = start().say(
      reading('1h', 'ok'),
      reading('2h', 'burning'),
      reading('3h', 'burning'),
      reading('4h', 'ok'),
    )
    expect(changes.emitted()).toEqual(['began bin-fire@7200', 'ended bin-fire@14400'])
    expect(changes.findings[0]?.reason.zh).toBe('垃圾桶自报起火，桶内温度 未知 °C')
  })
  test('ignores the return from a wild low value, but raises for a fire after it', () => {
    const messages = [25, 25, 0, 25, 26].map((value, index) => binReading(`${index * 5}m`, value))
    const end = start().say(...messages)
    expect(end.emitted()).toEqual([])
    expect(end.say(binReading('24m', 37)).emitted()).toEqual(['began bin-fire@1440'])
    expect(end.findings[0]?.reason.en).toBe('Temperature in the bin rose from 25 to 37 °C within 9 min')
  })
  test('ignores sun heating of 10 K per hour up to 50 °C', () => {
    const messages = [20, 22, 24, 27, 31, 35, 40, 45, 50].map((value, index) =>
      binReading(`${index * 10}m`, value),
    )
    expect(
      start()
        .say(...messages)
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

  test('raises 48 h after the last opening while the sensor is alive', () => {
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
  test('raises after 24 h in a fragile home', () => {
    const fragile = directoryOf([entrance], { h1: { fragile: true } })
    expect(
      h1(fragile)
        .say(...opening('1h'), ...alive([12]))
        .tick('26h', 60)
        .emitted(),
    ).toEqual([`began no-entrance-opening@${25 * 3600 + 20}`])
  })
  test('counts an opening seen only in the counter', () => {
    const changes = h1()
      .say(
        ...opening('1h'),
        door('2h', { contact: true, openCount: 3 }),
        door('26h', { contact: true, openCount: 4 }),
      )
      .say(door('50h', { contact: true, openCount: 4 }))
      .tick('72h', 60)
      .emitted()
    expect(changes).toEqual([])
  })
  test('raises only a device alert if the sensor stops reporting', () => {
    const changes = h1()
      .say(...opening('1h'))
      .tick('80h', 60)
      .emitted()
    expect(changes).toEqual([`began device-offline@${26 * 3600 + 20}`])
  })
  test('raises a device alert after 25 h for a sensor that never reported', () => {
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
  test('raises only 12 h after the last activity inside', () => {
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
  test('does not count a bed sensor that stays active as activity', () => {
    const bed = device('bed', 'motion', { home: 'h1', meta: { role: 'bed' } })
    const bedReadings = Array.from(
      { length: 48 },
      (_, hour): StoryMessage => ({ device: 'bed', at: `${hour + 2}h`, values: { occupancy: true } }),
    )
    const messages = [...opening('1h'), ...alive(daily), ...bedReadings].sort(
      (a, b) => Number.parseInt(a.at, 10) - Number.parseInt(b.at, 10),
    )
    expect(
      story(shipped('no-entrance-opening'), directoryOf([entrance, bed]))
        .say(...messages)
        .tick('50h', 60)
        .emitted(),
    ).toEqual([`began no-entrance-opening@${49 * 3600 + 20}`])
  })
  test('clears with an opening, is retracted by a late one', () => {
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
  test('ignores inner doors', () => {
    const kitchen = directoryOf([device('kitchen', 'door', { home: 'h1', meta: { role: 'interior' } })])
    expect(story(shipped('no-entrance-opening'), kitchen).tick('80h', 60).emitted()).toEqual([])
  })
})

describe('H9 entrance left open', () => {
  const doors = directoryOf([entrance, device('kitchen', 'door', { home: 'h1', meta: { role: 'interior' } })])
  const start = () => story(shipped('entrance-left-open'), doors)

  test('raises after 10 min, entrance doors only', () => {
    const changes = start()
      .say(
        { device: 'front', at: '0m', values: { contact: false } },
        { device: 'kitchen', at: '0m', values: { contact: false } },
      )
      .tick('20m')
      .say({ device: 'front', at: '21m', values: { contact: true } })
      .emitted()
    expect(changes).toEqual(['began entrance-left-open@600', 'ended entrance-left-open@1260'])
  })
  test.each([
    ['raises after 5 min in the cold', 4.9, [300, 660]],
    ['raises after 10 min at 5 °C', 5, [600, 660]],
  ])('%s', (_, outdoorTemperature, [began, ended]) => {
    const changes = start()
      .say({ device: 'front', at: '0m', values: { contact: false, outdoorTemperature } })
      .tick('10m 50s')
      .say({ device: 'front', at: '11m', values: { contact: true, outdoorTemperature } })
    expect(changes.emitted()).toEqual([
      `began entrance-left-open@${began}`,
      `ended entrance-left-open@${ended}`,
    ])
    expect(changes.findings[0]?.reason.en.includes('outdoors')).toBe(outdoorTemperature < 5)
  })
  test('does not raise if closed within 5 min in the cold', () => {
    const changes = start()
      .say({ device: 'front', at: '0m', values: { contact: false, outdoorTemperature: -8 } })
      .say({ device: 'front', at: '4m 59s', values: { contact: true, outdoorTemperature: -8 } })
    expect(changes.tick('20m').emitted()).toEqual([])
  })
  test('is retracted by a late message of a closing in time', () => {
    const changes = start()
      .say({ device: 'front', at: '0m', values: { contact: false } })
      .tick('12m')
      .say({ device: 'front', at: '3m', receivedAt: '12m 1s', values: { contact: true } })
      .emitted()
    expect(changes).toEqual(['began entrance-left-open@600', 'retracted entrance-left-open@600'])
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
  const start = () => story(shipped('sos-button'), home)

  test('raises at once, counts repeats as the same call, is cleared only by a person', () => {
    expect(start().say(press('1m'), press('2m'), press('9m')).tick('2h').emitted()).toEqual([
      'began sos-button@60',
    ])
  })
  test('raises again if pressed after 10 min', () => {
    expect(start().say(press('1m')).tick('15m').say(press('16m')).emitted()).toEqual([
      'began sos-button@60',
      'began sos-button@960',
    ])
  })
  test('raises for a call delayed by an hour', () => {
    const changes = start()
      .say({ device: 'hall', at: '70m', values: { occupancy: true } }, press('5m', { receivedAt: '71m' }))
      .emitted()
    expect(changes).toEqual(['began sos-button@300'])
  })
  test('ignores other events', () => {
    expect(
      start()
        .say(press('1m', { values: { type: 'tamper' } }))
        .emitted(),
    ).toEqual([])
  })
})

describe('D1 offline', () => {
  const two = directoryOf([lamp('l1'), entrance])
  const start = () => story(shipped('device-offline'), two)

  test('raises after 10 min on mains, 25 h on battery, clears with the next message', () => {
    const changes = start()
      .say({ device: 'l1', at: '1m', values: lit }, { device: 'front', at: '1m', values: { contact: true } })
      .tick('20m')
      .say({ device: 'l1', at: '21m', values: lit })
      .emitted()
    expect(changes).toEqual(['began device-offline@660', 'ended device-offline@1260'])
  })
  test('raises at once with the Last Will, whatever its ts', () => {
    const will: StoryMessage = {
      device: 'l1',
      kind: 'status',
      at: '-30h',
      receivedAt: '2m',
      quality: 'late',
      values: { state: 'offline' },
    }
    const end = start().say({ device: 'l1', at: '1m', values: lit }, will)
    expect(end.emitted()).toEqual(['began device-offline@120'])
    expect(end.findings[0]?.reason.en).toBe('Device disconnected (Last Will received)')
  })
  test('raises for a device that never reported', () => {
    const end = start().tick('0s').tick('11m')
    expect(end.emitted()).toEqual(['began device-offline@600'])
    expect(end.findings[0]?.reason.en).toContain('No message since the device was registered')
  })
  test('counts messages of a device with a wrong clock', () => {
    const messages = Array.from(
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
      start()
        .say(...messages)
        .emitted(),
    ).toEqual([])
  })
})

describe('D2 battery', () => {
  const bins = directoryOf([device('b1', 'bin')])
  const reading = (at: string, batteryLevel: number): StoryMessage => ({
    device: 'b1',
    at,
    values: { batteryLevel },
  })

  test('raises low below 20 %, medium below 10 %, treats -1 as unknown', () => {
    const end = story(shipped('battery-low'), bins).say(
      ...[
        reading('1h', 0.2),
        reading('2h', -1),
        reading('3h', 0.19),
        reading('4h', 0.09),
        reading('5h', -1),
        reading('6h', 0.11),
      ],
      ...[reading('7h', 0.13), reading('8h', 0.22), reading('9h', 0.9)],
    )
    expect(
      end.findings.map(
        ({ change, severity, at: when }) => `${change} ${severity} ${new Date(when).getUTCHours()}`,
      ),
    ).toEqual(['began low 3', 'severity medium 4', 'severity low 7', 'ended low 9'])
  })
})
