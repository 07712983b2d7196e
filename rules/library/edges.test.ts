/** Edge cases of shipped rules: unusual states, flicker, gaps, failing sensors, moved devices. */
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../model/device-type.ts'
import { device, directoryOf, type StoryMessage, shipped, story } from '../testing/community.ts'

const lift = directoryOf([device('lift1', 'elevator')])
const stuck: FieldValues = {
  carMode: 'normal',
  carDriveStatus: 'stationary',
  carDoorZone: false,
  carDoorStatus: 'closed',
  passengerPresence: true,
}
const liftReading = (
  at: string,
  values: FieldValues = {},
  more: Partial<StoryMessage> = {},
): StoryMessage => ({
  device: 'lift1',
  at,
  values: { ...stuck, ...values },
  ...more,
})

describe('E1 entrapment', () => {
  const start = () => story(shipped('entrapment-between-floors'), lift)
  const moving = { carDriveStatus: 'rated-speed' }

  test('treats a locked door as closed', () => {
    const changes = start()
      .say(liftReading('10s', { carDoorStatus: 'safety-locked' }))
      .tick('2m')
      .emitted()
    expect(changes).toEqual(['began entrapment-between-floors@55'])
  })
  test.each(['unknown', 'door-fault', 'safety-locked'])('treats the door state %s as not open', (word) => {
    const nobody = { passengerPresence: false }
    const changes = start()
      .say(liftReading('0s', moving), liftReading('12s', moving))
      .say(liftReading('20s', { ...nobody, ...moving, carDoorStatus: word }), liftReading('30s', nobody))
      .tick('3m')
      .emitted()
    expect(changes).toEqual(['began entrapment-between-floors@75'])
  })
  test('does not raise after people left through the open door', () => {
    const nobody = { passengerPresence: false }
    const open = { carDoorZone: true, carDoorStatus: 'opened' }
    const changes = start()
      .say(liftReading('0s', moving), liftReading('12s', moving), liftReading('20s', { ...open, ...nobody }))
      .say(liftReading('30s', nobody))
      .tick('3m')
      .emitted()
    expect(changes).toEqual([])
  })
  test('neither raises nor clears on a flickering door zone', () => {
    const zone = (index: number) => ({ carDoorZone: index % 2 === 0 })
    const messages = Array.from({ length: 20 }, (_, index) => liftReading(`${10 + index * 5}s`, zone(index)))
    expect(
      start()
        .say(...messages)
        .emitted(),
    ).toEqual([])
    const raised = start()
      .say(liftReading('10s'))
      .tick('60s')
      .say(...[70, 75, 80].map((second, index) => liftReading(`${second}s`, zone(index))))
    expect(raised.tick('10m').emitted()).toEqual(['began entrapment-between-floors@55'])
  })
  test('restarts the 45 s after inspection; inspection does not clear a raised alert', () => {
    const inspection = { carMode: 'inspection' }
    const before = start().say(liftReading('10s'), liftReading('40s', inspection), liftReading('50s'))
    expect(before.tick('3m').emitted()).toEqual(['began entrapment-between-floors@95'])
    const after = start().say(liftReading('10s')).tick('60s').say(liftReading('70s', inspection))
    expect(after.tick('3m').emitted()).toEqual(['began entrapment-between-floors@55'])
  })
  test('raises if the lift stops reporting without a Last Will', () => {
    const changes = start()
      .say(liftReading('10s'), { device: 'lift1', at: '20s', kind: 'status', values: { state: 'offline' } })
      .tick('2h', 30)
      .emitted()
    expect(changes).toEqual(['began entrapment-between-floors@55'])
  })
})

const entrance = device('front', 'door', { home: 'h1', meta: { role: 'entrance' } })
const back = device('back', 'door', { home: 'h1', meta: { role: 'entrance' } })
const h = 3600

describe('H1 no opening of the entrance door', () => {
  const door = (
    at: string,
    values: FieldValues = { contact: true },
    more: Partial<StoryMessage> = {},
  ): StoryMessage => ({
    device: 'front',
    at,
    values,
    ...more,
  })
  const start = (...devices: readonly ReturnType<typeof device>[]) =>
    story(shipped('no-entrance-opening', 'device-offline'), directoryOf(devices))
  const hours = (from: number, to: number, step: number) =>
    Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step)

  test('evaluates a sensor again that came back without reporting activity', () => {
    const life: readonly Partial<StoryMessage>[] = [
      { kind: 'status', values: { state: 'online' } },
      { kind: 'meta', values: {} },
      { kind: 'telemetry', quality: 'future' },
    ]
    for (const how of life) {
      const home = start(entrance)
        .say(door('0h', { contact: false }), door('1m'))
        .tick('60h', 60)
      for (const hour of hours(60, 110, 10)) home.say(door(`${hour}h`, {}, how)).tick(`${hour + 9}h`, 60)
      expect(home.emitted()).toEqual([
        `began device-offline@${25 * h + 60}`,
        `ended device-offline@${60 * h}`,
        `began no-entrance-opening@${108 * h}`,
      ])
    }
  })
  test('does not count a Last Will as a sign of life', () => {
    const home = start(entrance)
      .say(door('0h', { contact: false }))
      .tick('60h', 60)
    for (const hour of hours(60, 130, 10))
      home.say(door(`${hour}h`, { state: 'offline' }, { kind: 'status' })).tick(`${hour + 9}h`, 60)
    expect(home.emitted()).toEqual([`began device-offline@${25 * h}`])
  })
  test('counts openings of either entrance door; one living sensor is enough', () => {
    const alive = (hour: number) => [
      door(`${hour}h`),
      door(`${hour}h`, { contact: true }, { device: 'back' }),
    ]
    const openBack = door('30h', { contact: false }, { device: 'back' })
    const both = start(entrance, back).tick('0h')
    for (const hour of hours(1, 90, 10)) {
      both.say(...alive(hour))
      if (hour === 21) both.tick('30h', 60).say(openBack, door('30h', { contact: true }, { device: 'back' }))
      both.tick(`${hour + 9}h`, 60)
    }
    expect(both.emitted()).toEqual([`began no-entrance-opening@${78 * h}`])
    const one = start(entrance, back).tick('0h')
    for (const hour of hours(1, 60, 10)) one.say(door(`${hour}h`)).tick(`${hour + 9}h`, 60)
    expect(one.emitted()).toEqual([`began device-offline@${25 * h}`, `began no-entrance-opening@${48 * h}`])
  })
  test('counts an increasing counter as an opening, but not a counter reset', () => {
    const count = (hour: number, openCount: number) => door(`${hour}h`, { contact: true, openCount })
    const grows = start(entrance).say(count(0, 5))
    for (const hour of hours(20, 100, 20)) grows.say(count(hour, 5 + hour)).tick(`${hour + 19}h`, 60)
    expect(grows.emitted()).toEqual([])
    const resets = start(entrance).say(count(0, 5), count(1, 6))
    for (const hour of hours(20, 60, 20)) resets.say(count(hour, 0)).tick(`${hour + 19}h`, 60)
    expect(resets.emitted()).toEqual([`began no-entrance-opening@${49 * h}`])
  })
})

const lamp = (id: string) => device(id, 'streetlight', { circuit: 'c1', meta: { powerRating: 60 } })
const lit = { powerState: 'on', powerConsumption: 58, illuminanceLevel: 1 }
const dark = { ...lit, powerConsumption: 3 }

describe('L2 and L4 lamps', () => {
  const ids = ['l1', 'l2', 'l3', 'l4', 'l5', 'l6']
  const minute = (
    at: string,
    values: (id: string) => FieldValues,
    of: readonly string[] = ids,
  ): StoryMessage[] => of.map((id) => ({ device: id, at, values: values(id) }))

  test('applies the warm-up every evening to lamps without power by day', () => {
    const circuit = story(shipped('circuit-outage', 'lamp-dark'), directoryOf(ids.map(lamp)))
    for (let at = 0; at < 30; at += 1) circuit.say(...minute(`${at}m`, () => lit))
    for (let at = 0; at < 30; at += 1) circuit.say(...minute(`12h ${at}m`, () => (at < 4 ? dark : lit)))
    // Powered off while lit: silence counts, warm-up does not.
    expect(circuit.emitted()).toEqual(['began circuit-outage@2280', `ended circuit-outage@${12 * h}`])
  })
  test('replaced lamps do not keep the circuit alert active', () => {
    const directory = directoryOf(ids.map(lamp))
    const circuit = story(shipped('circuit-outage'), directory)
    const out = ['l1', 'l2', 'l3']
    for (let at = 0; at < 20; at += 1)
      circuit.say(...minute(`${at}m`, (id) => (at > 9 && out.includes(id) ? dark : lit)))
    expect(circuit.emitted()).toEqual(['began circuit-outage@720'])
    const now = ['n1', 'n2', 'n3', 'l4', 'l5', 'l6']
    directory.set(now.map(lamp))
    circuit.tick('20m').say(...minute('21m', () => lit, now))
    expect(circuit.emitted()).toEqual(['began circuit-outage@720', 'ended circuit-outage@1260'])
  })
  test('state does not grow with lamps that come and go', () => {
    const circuit = story(shipped('circuit-outage'), directoryOf(ids.map(lamp)))
    circuit.say(...minute('0m', () => lit))
    for (let at = 1; at < 2000; at += 1)
      for (const state of ['offline', 'online'])
        circuit.say({ device: 'l1', at: `${at}m`, kind: 'status', values: { state } })
    expect(circuit.engine.snapshot().get('c:c1')?.length).toBeLessThan(60_000)
  })
})

test('H10 stays active when its sensor is removed from the directory', () => {
  const hall = device('hall', 'motion', { home: 'h1' })
  const directory = directoryOf([hall, lamp('l1')])
  const home = story(shipped('sos-button'), directory)
  home.say({ device: 'hall', kind: 'event', at: '1m', values: { type: 'sos' } })
  directory.set([lamp('l1')])
  expect(home.tick('3m').emitted()).toEqual(['began sos-button@60'])
})
