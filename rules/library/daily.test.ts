/** Everyday scenarios run against the whole library: life in a home and along a street, and the alerts they raise. */
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../model/device-type.ts'
import type { Device } from '../../model/ports/directory.ts'
import { at, device, directoryOf, midnight, type StoryMessage, shipped, story } from '../testing/community.ts'

const HOUR = 3_600_000
const library = shipped()
/** Days of ordinary life before a scenario starts, and the hour at which they end. */
const learned = 20
const then = learned * 24

const reading = (
  id: string,
  hour: number,
  values: FieldValues,
  more: Partial<StoryMessage> = {},
): StoryMessage => ({
  device: id,
  at: `${Math.round(hour * HOUR)}ms`,
  values,
  ...more,
})
const every = (
  step: number,
  [from, to]: readonly [number, number],
  make: (hour: number) => readonly StoryMessage[],
): StoryMessage[] =>
  Array.from({ length: Math.max(0, Math.ceil((to - from) / step - 1e-9)) }, (_, index) =>
    make(from + index * step),
  ).flat()
const hourOf = (messages: StoryMessage): number => (at(messages.receivedAt ?? messages.at) - midnight) / HOUR
const inOrder = (messages: readonly StoryMessage[]): StoryMessage[] =>
  messages.toSorted((a, b) => hourOf(a) - hourOf(b))

interface Scenario {
  readonly devices: readonly Device[]
  readonly messages: readonly StoryMessage[]
  readonly until: number
  /** Hub outage, from and to in hours. The hub ticks from two hours before `then`. */
  readonly away?: readonly [number, number]
  readonly fragile?: boolean
}

/** `change rule hour` of all findings after `then`, in hours since then. */
function changesOf({ devices, messages, until, away = [0, 0], fragile = false }: Scenario): string[] {
  const end = story(library, directoryOf(devices, { h1: { fragile } }))
  const queue = inOrder(messages)
  let next = queue.findIndex((one) => hourOf(one) >= then - 2)
  if (next < 0) next = queue.length
  end.say(...queue.slice(0, next))
  for (let minute = (then - 2) * 60; minute <= until * 60; minute += 1) {
    if (minute > away[0] * 60 && minute < away[1] * 60) continue
    const first = next
    while (next < queue.length && hourOf(queue[next] as StoryMessage) <= minute / 60) next += 1
    end.say(...queue.slice(first, next))
    end.apply({ kind: 'tick', receivedAt: midnight + minute * 60_000 })
  }
  expect(end.engine.stats().failures).toEqual([])
  return end.findings.flatMap(({ change, rule, at: when }) => {
    const hour = (when - midnight) / HOUR - then
    return hour < 0 ? [] : `${change} ${rule} ${Math.round(hour * 100) / 100}`
  })
}

const inHome = { home: 'h1', gateway: 'g1' }
const flat = [
  device('front', 'door', { ...inHome, meta: { role: 'entrance' } }),
  device('hall', 'motion', { ...inHome, meta: { role: 'movement', room: 'hall' } }),
  device('kitchen', 'motion', { ...inHome, meta: { role: 'movement', room: '厨房' } }),
  device('bath', 'motion', { ...inHome, meta: { role: 'movement', room: '卫生间' } }),
  device('bed', 'motion', { ...inHome, meta: { role: 'bed' } }),
]
const moves = (id: string, hour: number): StoryMessage[] => [
  reading(id, hour, { occupancy: true }),
  reading(id, hour + 0.025, { occupancy: false }),
]
const opens = (hour: number): StoryMessage[] => [
  reading('front', hour, { contact: false }),
  reading('front', hour + 0.01, { contact: true }),
]
/** Gets up at 7, cooks, goes out from 10:00 to 11:30, goes to bed at 22:30 and to the toilet once. */
function day(number: number, asleepFrom = 22.5): StoryMessage[] {
  const start = number * 24
  const room = (hour: number) => (Math.round(hour * 10) % 3 === 0 ? 'kitchen' : 'hall')
  const awake = every(0.6, [7.02, asleepFrom], (hour) =>
    hour > 9.9 && hour < 11.5 ? [] : moves(room(hour), start + hour),
  )
  return [
    ...awake,
    ...moves('kitchen', start + 8.1),
    ...opens(start + 10),
    ...opens(start + 11.5),
    ...moves('hall', start + 11.52),
    reading('bed', start + 2.5, { occupancy: false }),
    ...moves('bath', start + 2.55),
    reading('bed', start + 2.7, { occupancy: true }),
    reading('bed', start + 7, { occupancy: false }),
    reading('bed', start + asleepFrom + 0.1, { occupancy: true }),
    ...every(6, [start + 1, start + 24], (hour) =>
      flat.map(({ id }) => reading(id, hour, { batteryLevel: 0.9 })),
    ),
  ]
}
const days = (from: number, to: number): StoryMessage[] =>
  Array.from({ length: to - from }, (_, index) => day(from + index)).flat()
const before = days(0, learned)
const lost = (from: number, to: number) => (messages: StoryMessage) => {
  const hour = hourOf(messages) - then
  return hour < from || hour > to
}
const life = (messages: readonly StoryMessage[], until = 24, more: Partial<Scenario> = {}) =>
  changesOf({ devices: flat, messages: [...before, ...messages], until: then + until, ...more })

describe('at home', () => {
  test.each<[string, readonly StoryMessage[]]>([
    ['two more days', days(learned, learned + 2)],
    [
      'a visitor with a dog for an afternoon',
      [
        ...day(learned),
        ...opens(then + 15),
        ...every(0.1, [then + 15, then + 18], (hour) => moves('hall', hour)),
        ...opens(then + 18),
        ...day(learned + 1),
      ],
    ],
    [
      'a cleaner who scrubs the bathroom for an hour and a quarter while the resident walks about',
      [
        ...day(learned),
        ...opens(then + 14),
        ...every(0.05, [then + 14.02, then + 15.3], (hour) => moves('bath', hour)),
        ...opens(then + 15.4),
        ...day(learned + 1),
      ],
    ],
    [
      'a bed sensor that stays on',
      [
        ...days(learned, learned + 2).filter((messages) => messages.device !== 'bed'),
        ...every(1, [then, then + 48], (hour) => [reading('bed', hour, { occupancy: true })]),
      ],
    ],
    [
      'a sensor that was moved to a room where nobody goes',
      days(learned, learned + 2).filter(
        ({ device: id, values }) => id !== 'hall' || values?.occupancy === undefined,
      ),
    ],
  ])('quiet: %s', (_, messages) => {
    expect(life(messages, 48)).toEqual([])
  })

  test('reports each opening of a busy evening, but no wandering', () => {
    const evening = [
      ...day(learned, 24),
      ...opens(then + 22.4),
      ...opens(then + 22.8),
      ...opens(then + 22.85),
      ...moves('hall', then + 22.87),
      ...opens(then + 23.3),
      ...opens(then + 23.6),
      ...moves('hall', then + 23.62),
    ]
    expect(new Set(life(evening).map((line) => line.split(' ')[1]))).toEqual(new Set(['night-exit']))
    expect(life(evening, 24, { fragile: true }).join()).toContain('began night-wandering')
  })

  test('ignores an evening out from 22:15 to 00:30, raises for an exit at 02:00', () => {
    const asleep = (messages: StoryMessage) => hourOf(messages) < then + 22.2
    const evening = [
      ...day(learned, 22.1).filter(asleep),
      ...opens(then + 22.25),
      ...opens(then + 24.5),
      ...moves('hall', then + 24.52),
      ...day(learned + 1),
    ]
    expect(life(evening, 25).join()).not.toContain('not-back')
    const night = [...day(learned), ...opens(then + 3), ...day(learned + 1)].filter(lost(3.1, 6.9))
    expect(life(night, 7)).toContain('began night-exit-not-back 3.25')
  })

  test('raises device alerts, no welfare alert, when the gateway loses power', () => {
    const cut = flat.flatMap(({ id }) => [
      reading(id, then + 13, { state: 'offline' }, { kind: 'status' }),
      reading(id, then + 19, { state: 'online' }, { kind: 'status' }),
    ])
    const messages = [...days(learned, learned + 2).filter(lost(13, 19)), ...cut]
    const rules = new Set(life(messages, 30).map((line) => line.split(' ')[1]))
    expect(rules).toEqual(new Set(['device-offline', 'mass-offline-gateway', 'mass-offline-site']))
  })

  describe('hub outage from 9 to 17', () => {
    const messages = days(learned, learned + 2)
    const away = [then + 9, then + 17] as const

    test.each<[string, readonly StoryMessage[]]>([
      ['messages are lost', messages.filter(lost(9, 17))],
      [
        'what the sensors messages comes afterwards',
        messages.map((one) =>
          lost(9, 17)(one) ? one : { ...one, receivedAt: `${Math.round((then + 17.02) * HOUR)}ms` },
        ),
      ],
    ])('raises nothing if %s', (_, received) => {
      expect(life(received, 30, { away })).toEqual([])
    })
    test('raises if there is no activity after the outage either', () => {
      const fallen = messages.filter(lost(9, 48)).filter((one) => hourOf(one) < then + 24)
      const beats = every(0.5, [then + 17, then + 24], (hour) =>
        flat.map(({ id }) => reading(id, hour, { batteryLevel: 0.9 })),
      )
      const end = life([...fallen, ...beats], 20, { away })
      expect(end.filter((line) => line.includes('unusual-silence'))).toHaveLength(1)
    })
  })
})

const lamps = ['l1', 'l2', 'l3', 'l4', 'l5', 'l6']
const street = lamps.map((id) => device(id, 'streetlight', { circuit: 'c1', meta: { powerRating: 60 } }))
const on: FieldValues = { powerState: 'on', illuminanceLevel: 1, powerFactor: 0.96 }
const off: FieldValues = { powerState: 'off', illuminanceLevel: 0, powerFactor: 0.4 }
/** March in Greenwich: on at dusk, off at dawn, following the season. */
function usual(hour: number): FieldValues {
  const [number, of] = [Math.floor(hour / 24), hour % 24]
  return of >= 17.83 + number * 0.028 || of < 6.58 - number * 0.036 ? on : off
}
/** Every six minutes, with the noise of real mains. */
function shine(of: (hour: number, id: string) => FieldValues, until: number): string[] {
  const messages = every(0.1, [0, then + until], (hour) =>
    lamps.map((id, index) => {
      const values = hour < then ? usual(hour) : of(hour - then, id)
      const unrest = ((Math.round(hour * 10) * 7 + index) % 11) / 10
      const power = values.powerState === 'on' ? 60 + unrest : 0.4
      return reading(id, hour, { ...values, powerConsumption: power, voltage: 230 + unrest })
    }),
  )
  return changesOf({ devices: street, messages, until: then + until - 0.1 })
}
const from = (start: number, end: number, value: FieldValues) => (hour: number) =>
  hour >= start && hour < end ? value : usual(then + hour)

describe('along the street', () => {
  test.each<[string, (hour: number, id: string) => FieldValues]>([
    ['two more days', from(0, 0, on)],
    ['two hours of maintenance by day with all lamps on', from(10, 12, on)],
    [
      'each on for a quarter of an hour, one after the other',
      (hour, id) => from(10 + lamps.indexOf(id) / 4, 10.25 + lamps.indexOf(id) / 4, on)(hour),
    ],
    ['fog: on until noon, as ordered', from(4, 12, { ...on, switchingMode: 'day-ON' })],
  ])('quiet: %s', (_, of) => {
    expect(shine((hour, id) => ({ switchingMode: 'night-ON', ...of(hour, id) }), 48)).toEqual([])
  })
  test('raises if a stuck contactor keeps the lamps on all day', () => {
    expect(shine(from(0, 48, on), 40)).toEqual(['began switch-time 9.18'])
  })
  test('raises if a circuit stays dark', () => {
    expect(shine(from(12, 24, off), 24)).toEqual(['began switch-time 18.82'])
  })
})
