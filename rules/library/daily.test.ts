/** Daily life told to the whole library at once: what goes on in a home and along a street, and what is said of it. */
import { describe, expect, test } from 'vitest'
import type { FieldValues } from '../../model/device-type.ts'
import type { Device } from '../../model/ports/directory.ts'
import { at, device, directoryOf, midnight, type StoryMessage, shipped, story } from '../testing/community.ts'

const HOUR = 3_600_000
const library = shipped()
/** Days that are lived before something happens, and the hour at which they are over. */
const learned = 20
const then = learned * 24

const says = (
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
const hourOf = (said: StoryMessage): number => (at(said.receivedAt ?? said.at) - midnight) / HOUR
const inOrder = (said: readonly StoryMessage[]): StoryMessage[] =>
  said.toSorted((a, b) => hourOf(a) - hourOf(b))

interface Tale {
  readonly devices: readonly Device[]
  readonly said: readonly StoryMessage[]
  readonly until: number
  /** Hours between which the hub is away; it ticks from two hours before `then` on. */
  readonly away?: readonly [number, number]
  readonly fragile?: boolean
}

/** `change rule hour` of what is told from `then` on, hours after it. */
function told({ devices, said, until, away = [0, 0], fragile = false }: Tale): string[] {
  const end = story(library, directoryOf(devices, { h1: { fragile } }))
  const queue = inOrder(said)
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
  says(id, hour, { occupancy: true }),
  says(id, hour + 0.025, { occupancy: false }),
]
const opens = (hour: number): StoryMessage[] => [
  says('front', hour, { contact: false }),
  says('front', hour + 0.01, { contact: true }),
]
/** Gets up at 7, cooks, goes out from 10 to half past 11, goes to bed at half past 10 and once to the toilet. */
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
    says('bed', start + 2.5, { occupancy: false }),
    ...moves('bath', start + 2.55),
    says('bed', start + 2.7, { occupancy: true }),
    says('bed', start + 7, { occupancy: false }),
    says('bed', start + asleepFrom + 0.1, { occupancy: true }),
    ...every(6, [start + 1, start + 24], (hour) =>
      flat.map(({ id }) => says(id, hour, { batteryLevel: 0.9 })),
    ),
  ]
}
const days = (from: number, to: number): StoryMessage[] =>
  Array.from({ length: to - from }, (_, index) => day(from + index)).flat()
const before = days(0, learned)
const lost = (from: number, to: number) => (said: StoryMessage) => {
  const hour = hourOf(said) - then
  return hour < from || hour > to
}
const life = (said: readonly StoryMessage[], until = 24, more: Partial<Tale> = {}) =>
  told({ devices: flat, said: [...before, ...said], until: then + until, ...more })

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
        ...days(learned, learned + 2).filter((said) => said.device !== 'bed'),
        ...every(1, [then, then + 48], (hour) => [says('bed', hour, { occupancy: true })]),
      ],
    ],
    [
      'a sensor that was moved to a room where nobody goes',
      days(learned, learned + 2).filter(
        ({ device: id, values }) => id !== 'hall' || values?.occupancy === undefined,
      ),
    ],
  ])('quiet: %s', (_, said) => {
    expect(life(said, 48)).toEqual([])
  })

  test('guests leave, the rubbish is taken out, the dog goes round: each opening is told, nobody wanders', () => {
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

  test('out from a quarter past 10 to half past midnight is an evening; away from 2 in the night is told', () => {
    const asleep = (said: StoryMessage) => hourOf(said) < then + 22.2
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

  test('a power cut of the gateway that the lines tell is one of the line, not a silent home', () => {
    const cut = flat.flatMap(({ id }) => [
      says(id, then + 13, { state: 'offline' }, { kind: 'status' }),
      says(id, then + 19, { state: 'online' }, { kind: 'status' }),
    ])
    const said = [...days(learned, learned + 2).filter(lost(13, 19)), ...cut]
    const rules = new Set(life(said, 30).map((line) => line.split(' ')[1]))
    expect(rules).toEqual(new Set(['device-offline', 'mass-offline-gateway', 'mass-offline-site']))
  })

  describe('the hub is away from 9 to 17', () => {
    const said = days(learned, learned + 2)
    const away = [then + 9, then + 17] as const

    test.each<[string, readonly StoryMessage[]]>([
      ['what the sensors said is lost', said.filter(lost(9, 17))],
      [
        'what the sensors said comes afterwards',
        said.map((one) =>
          lost(9, 17)(one) ? one : { ...one, receivedAt: `${Math.round((then + 17.02) * HOUR)}ms` },
        ),
      ],
    ])('and %s: quiet', (_, heard) => {
      expect(life(heard, 30, { away })).toEqual([])
    })
    test('who does not move afterwards either is told all the same', () => {
      const fallen = said.filter(lost(9, 48)).filter((one) => hourOf(one) < then + 24)
      const beats = every(0.5, [then + 17, then + 24], (hour) =>
        flat.map(({ id }) => says(id, hour, { batteryLevel: 0.9 })),
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
/** In March in Greenwich: on at dusk, off at dawn, as the season goes. */
function usual(hour: number): FieldValues {
  const [number, of] = [Math.floor(hour / 24), hour % 24]
  return of >= 17.83 + number * 0.028 || of < 6.58 - number * 0.036 ? on : off
}
/** Every six minutes, with the small unrest of a real line. */
function shine(of: (hour: number, id: string) => FieldValues, until: number): string[] {
  const said = every(0.1, [0, then + until], (hour) =>
    lamps.map((id, index) => {
      const values = hour < then ? usual(hour) : of(hour - then, id)
      const unrest = ((Math.round(hour * 10) * 7 + index) % 11) / 10
      const power = values.powerState === 'on' ? 60 + unrest : 0.4
      return says(id, hour, { ...values, powerConsumption: power, voltage: 230 + unrest })
    }),
  )
  return told({ devices: street, said, until: then + until - 0.1 })
}
const from = (start: number, end: number, value: FieldValues) => (hour: number) =>
  hour >= start && hour < end ? value : usual(then + hour)

describe('along the street', () => {
  test.each<[string, (hour: number, id: string) => FieldValues]>([
    ['two more days', from(0, 0, on)],
    ['all on for two hours of maintenance by day', from(10, 12, on)],
    [
      'each on for a quarter of an hour, one after the other',
      (hour, id) => from(10 + lamps.indexOf(id) / 4, 10.25 + lamps.indexOf(id) / 4, on)(hour),
    ],
    ['fog: on until noon, as ordered', from(4, 12, { ...on, switchingMode: 'day-ON' })],
  ])('quiet: %s', (_, of) => {
    expect(shine((hour, id) => ({ switchingMode: 'night-ON', ...of(hour, id) }), 48)).toEqual([])
  })
  test('a contactor that sticks: the lamps burn on all day', () => {
    expect(shine(from(0, 48, on), 40)).toEqual(['began switch-time 9.18'])
  })
  test('a line that stays dark', () => {
    expect(shine(from(12, 24, off), 24)).toEqual(['began switch-time 18.82'])
  })
})
