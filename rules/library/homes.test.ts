/** The shipped rules for homes: learned routines and deviations from them (domain.md 5). */
import { describe, expect, test } from 'vitest'
import { at, device, directoryOf, midnight, type StoryMessage, shipped, story } from '../testing/community.ts'

const HOUR = 3_600_000
const front = device('front', 'door', { home: 'h1', meta: { role: 'entrance' } })
const back = device('back', 'door', { home: 'h1', meta: { role: 'entrance' } })
const hall = device('hall', 'motion', { home: 'h1', meta: { role: 'movement', room: 'hall' } })
const kitchen = device('kitchen', 'motion', { home: 'h1', meta: { role: 'movement', room: '厨房' } })
const bathroom = device('bath', 'motion', { home: 'h1', meta: { role: 'movement', room: 'bathroom' } })
const bed = device('bed', 'motion', { home: 'h1', meta: { role: 'bed' } })
const left = device('left', 'motion', { home: 'h1', meta: { role: 'bed' } })
const flat = [front, hall, kitchen, bathroom, bed]

/** Hours after midnight of the first day as a time of a story. */
const hours = (value: number): string => `${Math.round(value * 3_600_000)}ms`
const reading = (id: string, hour: number, values: StoryMessage['values']): StoryMessage => ({
  device: id,
  at: hours(hour),
  values: values ?? {},
})
/** A movement, and its end, which the sensor reports 90 s later. */
const moves = (id: string, hour: number): StoryMessage[] => [
  reading(id, hour, { occupancy: true }),
  reading(id, hour + 0.025, { occupancy: false }),
]
const opens = (hour: number, id = 'front'): StoryMessage[] => [
  reading(id, hour, { contact: false }),
  reading(id, hour + 0.003, { contact: true }),
]
const inOrder = (messages: readonly StoryMessage[]): StoryMessage[] =>
  [...messages].sort((a, b) => at(a.at) - at(b.at))
/** Messages every `step` hours of a span. */
const every = (
  step: number,
  from: number,
  to: number,
  make: (hour: number) => readonly StoryMessage[],
): StoryMessage[] =>
  Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, index) =>
    make(from + index * step),
  ).flat()

interface Day {
  readonly wake?: number
  readonly sleep?: number
  /** Local hours of an absence, from and to. */
  readonly out?: readonly [number, number]
  readonly kitchen?: boolean
}

/** One day of a person who moves every half hour; sensors report their battery every 6 h. */
function day(number: number, { wake = 7, sleep = 22, out, kitchen: cooks = true }: Day = {}): StoryMessage[] {
  const start = number * 24
  const isOut = (hour: number) => out !== undefined && hour >= out[0] && hour < out[1]
  const steps = every(0.5, wake, sleep, (hour) => (isOut(hour) ? [] : moves('hall', start + hour)))
  return [
    ...steps,
    ...(cooks ? moves('kitchen', start + wake + 1.4) : []),
    ...(out ? [...opens(start + out[0] - 0.01), ...opens(start + out[1] - 0.01)] : []),
    ...every(6, 0, 24, (hour) => flat.map(({ id }) => reading(id, start + hour, { batteryLevel: 0.9 }))),
  ]
}
const days = (from: number, to: number, make: (number: number) => Day = () => ({})): StoryMessage[] =>
  Array.from({ length: to - from }, (_, index) => day(from + index, make(from + index))).flat()
const alive = (from: number, to: number): StoryMessage[] =>
  every(6, from * 24, to * 24, (hour) => flat.map(({ id }) => reading(id, hour, { batteryLevel: 0.9 })))

function live(
  rules: readonly string[],
  messages: readonly StoryMessage[],
  options: Parameters<typeof directoryOf>[1] = {},
) {
  return story(shipped(...rules), directoryOf(flat, options)).say(...inOrder(messages))
}
/** `change rule day hour` of all findings. */
const changesOf = (end: ReturnType<typeof live>): string[] => {
  expect(end.engine.stats().failures).toEqual([])
  return end.findings.map(({ change, rule, at: when }) => {
    const since = (when - midnight) / HOUR
    return `${change} ${rule} ${Math.floor(since / 24)} ${Math.round((since % 24) * 100) / 100}`
  })
}

describe('H2 unusual silence', () => {
  const h2 = ['unusual-silence']

  test('ignores a night of 10.8 h in bed of a person who usually gets up once', () => {
    const usual = days(0, 21, (number) => ({ sleep: number === 20 ? 20.8 : 22 }))
    const messages = [
      ...usual,
      ...every(24, 2, 20 * 24, (hour) => moves('bath', hour)),
      ...day(21, { wake: 7.3 }),
    ]
    expect(changesOf(live(h2, messages).tick('21d 8h', 60))).toEqual([])
  })

  test('ignores 40 ordinary days with varying nights and outings', () => {
    const messages = days(0, 40, (number) => ({
      wake: 6.5 + (number % 4) * 0.3,
      sleep: 21.6 + (number % 3) * 0.3,
      out: [10 + (number % 2), 12 + (number % 5)],
    }))
    expect(changesOf(live(h2, messages).tick('40d', 600))).toEqual([])
  })

  test('raises after 3 h of silence by day once 14 days are learned, and states the usual silence', () => {
    const end = live(h2, [
      ...days(0, 20),
      ...every(0.5, 20 * 24 + 7, 20 * 24 + 10.1, (hour) => moves('hall', hour)),
      ...alive(20, 22),
    ]).tick('20d 20h', 60)
    expect(changesOf(end)).toEqual(['began unusual-silence 20 13.02'])
    const [{ reason, severity, kind } = { reason: { en: '', zh: '' } }] = end.findings
    expect({ severity, kind }).toEqual({ severity: 'high', kind: 'welfare' })
    expect(reason.en).toBe('No sign of life for 3 h, since 03-21 10:01; usually at most 0.5 h at 13–14 h')
    expect(reason.zh).toContain('自 03-21 10:01 起已 3 小时无动静')
  })

  test('allows 1.25 times the usual silence at night', () => {
    // In bed from 22 to 7: 9.5 h are usual, 11.9 h are too long.
    const end = live(h2, [...days(0, 20), ...alive(20, 22)]).tick('20d 20h', 60)
    expect(changesOf(end)).toHaveLength(1)
    const raised = Number(changesOf(end)[0]?.split(' ').at(-1))
    expect(raised).toBeGreaterThan(7.9)
    expect(raised).toBeLessThan(10)
  })

  test('raises after 12 h before 14 days are learned', () => {
    const end = live(h2, [...days(0, 5), ...alive(5, 7)]).tick('6d', 60)
    expect(changesOf(end)).toEqual(['began unusual-silence 5 9.53'])
    expect(end.findings[0]?.reason.en).toContain('not learned yet (4 days so far)')
  })

  test('clears with a sign of life, is retracted by a late one', () => {
    const raised = () => live(h2, [...days(0, 20), ...alive(20, 20.75)]).tick('20d 18h', 60)
    const ended = raised().say(...moves('hall', 20 * 24 + 18.5))
    expect(changesOf(ended)).toEqual(['began unusual-silence 20 9.4', 'ended unusual-silence 20 18.5'])
    const late = { ...reading('hall', 20 * 24 + 7.2, { occupancy: true }), receivedAt: hours(20 * 24 + 18.5) }
    expect(changesOf(raised().say(late).tick('20d 19h', 60))).toEqual([
      'began unusual-silence 20 9.4',
      'retracted unusual-silence 20 9.4',
      'began unusual-silence 20 10.2',
    ])
  })

  test('ignores silence after going out, but not after coming back', () => {
    const away = [
      ...days(0, 20),
      ...every(0.5, 20 * 24 + 7, 20 * 24 + 9, (hour) => moves('hall', hour)),
      ...opens(20 * 24 + 9),
      ...alive(20, 22),
    ]
    expect(changesOf(live(h2, away).tick('21d 20h', 60))).toEqual([])
    const home = [...away, ...opens(20 * 24 + 11), ...moves('hall', 20 * 24 + 11.1)]
    expect(changesOf(live(h2, home).tick('20d 20h', 60))).toEqual(['began unusual-silence 20 14.13'])
  })

  test('does not count the end of a movement after the door closed as activity', () => {
    const messages = [
      ...days(0, 20),
      reading('hall', 20 * 24 + 8.999, { occupancy: true }),
      ...opens(20 * 24 + 9),
      reading('hall', 20 * 24 + 9.02, { occupancy: false }),
      ...alive(20, 22),
    ]
    expect(changesOf(live(h2, messages).tick('21d 20h', 60))).toEqual([])
  })

  test('detects an outing through a door whose clock is 20 min behind', () => {
    const isOut = [9, 16] as const
    const messages = inOrder([
      ...days(0, 20, () => ({ out: [9, 11] })),
      ...day(20, { out: isOut }),
      ...moves('hall', 20 * 24 + 8.8),
    ])
    const behind = messages.map((one) => {
      const hour = (at(one.at) - midnight) / HOUR
      return one.device === 'front' ? { ...one, at: hours(hour - 1 / 3), receivedAt: hours(hour) } : one
    })
    const end = story(shipped(...h2), directoryOf(flat)).say(...behind)
    expect(changesOf(end.tick('20d 23h', 60))).toEqual([])
  })

  test.each([
    ['unusual-silence', []],
    ['not-back-home', ['began not-back-home 20 21.01']],
  ])('%s detects an outing past a sensor whose clock is 90 s ahead', (rule, expected) => {
    const messages = inOrder([...days(0, 20, () => ({ out: [9, 11] })), ...day(20, { wake: 7, sleep: 8.7 })])
    const passes = [
      { ...reading('hall', 20 * 24 + 9 + 90 / 3600, { occupancy: true }), receivedAt: hours(20 * 24 + 9) },
      reading('front', 20 * 24 + 9 + 20 / 3600, { contact: false }),
      reading('front', 20 * 24 + 9 + 30 / 3600, { contact: true }),
    ]
    const life = every(0.5, 20 * 24 + 9.5, 21 * 24, (hour) =>
      flat.map(({ id }) => reading(id, hour, { batteryLevel: 0.9 })),
    )
    const before = messages.filter((one) => at(one.at) < at(hours(20 * 24 + 9)))
    const end = story(shipped(rule), directoryOf(flat)).say(...before, ...passes, ...life)
    expect(changesOf(end)).toEqual(expected)
  })

  test('does not count a door that stays open as an outing', () => {
    const messages = [
      ...days(0, 20),
      ...moves('hall', 20 * 24 + 8.9),
      reading('front', 20 * 24 + 9, { contact: false }),
      ...alive(20, 22),
    ]
    expect(changesOf(live(h2, messages).tick('20d 20h', 60))).toEqual(['began unusual-silence 20 12'])
  })

  test('ignores registered absences and starts counting after them', () => {
    const fromTo = { from: midnight + (20 * 24 + 8) * HOUR, to: midnight + (25 * 24 + 9) * HOUR }
    const messages = [...days(0, 20), ...moves('hall', 20 * 24 + 7.5), ...alive(20, 27)]
    const end = live(h2, messages, { h1: { away: [fromTo] } }).tick('25d 20h', 60)
    expect(changesOf(end)).toEqual(['began unusual-silence 25 12'])
    expect(end.findings[0]?.reason.en).toContain('since the registered absence ended')
  })

  describe('dead sensors raise device alerts, no welfare alerts', () => {
    const lastDay = midnight + 20.5 * 24 * HOUR
    const beats = (ids: readonly string[], until: number) =>
      every(1, 0, until * 24, (hour) => ids.map((id) => reading(id, hour + 0.01, { batteryLevel: 0.9 })))
    const all = flat.map(({ id }) => id)
    /** 20 usual days with a message every hour; at noon some sensors stop reporting, and there is no activity. */
    const dying = (...ids: readonly string[]) =>
      live(
        ['unusual-silence', 'device-offline'],
        [
          ...days(0, 20),
          ...every(0.5, 20 * 24 + 7, 20 * 24 + 12, (hour) => moves('hall', hour)),
          ...beats(all, 22),
        ].filter((one) => !(ids.includes(one.device) && at(one.at) > lastDay)),
      ).tick('21d 20h', 60)
    test.each([
      ['all of them', all],
      ['the one with most signs', ['hall']],
      ['the entrance, without which an absence cannot be detected', ['front']],
    ])('%s', (_, ids) => {
      const raised = changesOf(dying(...ids)).map((line) => line.split(' ')[1])
      expect(raised).toEqual(ids.map(() => 'device-offline'))
    })
    test('evaluates the home without a sensor that gave few signs', () => {
      expect(changesOf(dying('bath'))[0]).toBe('began unusual-silence 20 14.52')
    })
    test('reacts to a Last Will at once', () => {
      const will: StoryMessage = {
        device: 'hall',
        kind: 'status',
        at: hours(20 * 24 + 12.6),
        values: { state: 'offline' },
      }
      const messages = [
        ...days(0, 20),
        ...every(0.5, 20 * 24 + 7, 20 * 24 + 12.5, (hour) => moves('hall', hour)),
        will,
        ...alive(20, 22).filter(({ device: id }) => id !== 'hall'),
      ]
      expect(changesOf(live(h2, messages).tick('21d', 60))).toEqual([])
    })
    test('starts counting when the sensor is alive again', () => {
      const end = dying('front').say(
        ...every(1, 21 * 24 + 21, 21 * 24 + 22, () =>
          all.map((id) => reading(id, 21 * 24 + 21, { batteryLevel: 0.9 })),
        ),
      )
      expect(changesOf(end.tick('22d 6h', 60)).filter((line) => line.includes('silence'))).toEqual([])
    })
  })

  test('does not count an occupied bed as activity', () => {
    const messages = [
      ...days(0, 20),
      reading('bed', 20 * 24 - 1, { occupancy: true }),
      ...every(1, 20 * 24, 21 * 24, (hour) => [reading('bed', hour, { occupancy: true })]),
      ...alive(20, 22),
    ]
    expect(changesOf(live(h2, messages).tick('20d 20h', 60))).toHaveLength(1)
  })

  test('ignores homes of several people', () => {
    const messages = [...days(0, 20), ...alive(20, 22)]
    expect(changesOf(live(h2, messages, { h1: { persons: 2 } }).tick('21d 20h', 60))).toEqual([])
  })

  test('evaluates a home without an entrance sensor', () => {
    const inner = directoryOf([hall, kitchen])
    const messages = inOrder([...days(0, 20), ...alive(20, 22)]).filter((one) =>
      ['hall', 'kitchen'].includes(one.device),
    )
    const end = story(shipped('unusual-silence', 'no-entrance-opening'), inner)
      .say(...messages)
      .tick('20d 20h', 60)
    expect(changesOf(end)).toHaveLength(1)
  })

  test('does not learn the day of an alert', () => {
    const fall = (number: number) => [
      ...every(0.5, number * 24 + 7, number * 24 + 10.1, (hour) => moves('hall', hour)),
      ...every(0.5, number * 24 + 19, number * 24 + 22, (hour) => moves('hall', hour)),
      ...alive(number, number + 1),
    ]
    const end = live(h2, [...days(0, 20), ...fall(20), ...days(21, 23), ...fall(23)]).tick('24d', 60)
    expect(changesOf(end).filter((line) => line.startsWith('began'))).toEqual([
      'began unusual-silence 20 13.02',
      'began unusual-silence 23 13.02',
    ])
  })
})

/** Signs of life of all sensors, every half an hour. */
const pulses = (from: number, to: number): StoryMessage[] =>
  every(0.5, from, to, (hour) => flat.map(({ id }) => reading(id, hour, { batteryLevel: 0.9 })))
/** Messages buffered by a gateway and delivered from `hour` on. */
const keptUntil = (hour: number, messages: readonly StoryMessage[]): StoryMessage[] =>
  inOrder(messages).map((one, index) => ({ ...one, receivedAt: hours(hour + index / 3600) }))

describe('a disconnected gateway', () => {
  const fragile = { h1: { fragile: true } }
  const out = 8 * 24 + 9
  const daily = every(24, 12, out - 12, (hour) => [...opens(hour), ...moves('hall', hour + 0.1)])
  const leaves = [...daily, ...moves('hall', out - 0.2), ...opens(out)]
  const withOutage = (messages: readonly StoryMessage[], rule: string) =>
    live(
      [rule],
      [...pulses(0, out + 1), ...leaves, ...messages.filter((one) => at(one.at) < at(hours(out + 1)))],
      fragile,
    )

  test.each([
    ['not-back-home', 12],
    ['no-entrance-opening', 24],
  ])('%s does not raise while no sensor is online', (rule, limit) => {
    const end = withOutage([], rule).tick(hours(out + limit + 0.9), 60)
    expect(changesOf(end)).toEqual([])
    end.say(...keptUntil(out + limit + 1, [...opens(out + 2), ...moves('hall', out + 2.1)]))
    expect(changesOf(end.tick(hours(out + limit + 1.9), 60))).toEqual([])
  })
  test.each([
    ['not-back-home', 12],
    ['no-entrance-opening', 24],
  ])('%s raises after the buffered messages if they show no activity', (rule, limit) => {
    const end = withOutage([], rule).tick(hours(out + limit + 0.9), 60)
    end.say(...keptUntil(out + limit + 1, pulses(out + 1, out + limit + 1)))
    expect(changesOf(end.tick(hours(out + limit + 4), 60))).toEqual([
      `began ${rule} ${limit > 15 ? 9 : 8} ${(9 + limit) % 24}`,
    ])
  })
  test.each([
    ['not-back-home', 12],
    ['no-entrance-opening', 24],
  ])('%s raises in time while the sensors are online', (rule, limit) => {
    const end = withOutage([], rule).say(...inOrder(pulses(out + 1, out + limit + 1)))
    expect(changesOf(end)).toEqual([`began ${rule} ${limit > 15 ? 9 : 8} ${(9 + limit) % 24}`])
  })
})

describe('H1 and not been out', () => {
  test('pauses during a registered absence and restarts after it', () => {
    const away = [{ from: midnight + 24 * HOUR, to: midnight + 10 * 24 * HOUR }]
    const messages = [...opens(12), ...alive(0, 15)]
    const end = live(['no-entrance-opening'], messages, { h1: { away } }).tick('13d', 60)
    expect(changesOf(end)).toEqual(['began no-entrance-opening 12 0'])
  })
  test('raises only not-been-out with activity inside, clears with an outing', () => {
    const indoors = [...opens(12), ...days(0, 4)]
    const rules = ['no-entrance-opening', 'not-been-out']
    const end = live(rules, indoors).tick('3d 21h', 60)
    expect(changesOf(end)).toEqual(['began not-been-out 2 12'])
    expect(end.findings[0]?.severity).toBe('low')
    expect(changesOf(end.say(...opens(96)))[1]).toBe('ended not-been-out 4 0')
  })
  test('raises when activity begins after the limit', () => {
    const messages = [...opens(12), ...alive(0, 4), ...moves('hall', 70)]
    expect(changesOf(live(['not-been-out'], messages).tick('3d 12h', 60))).toEqual([
      'began not-been-out 2 22',
    ])
  })
  test('raises only H1 without activity', () => {
    const messages = [...opens(12), ...alive(0, 4)]
    expect(changesOf(live(['no-entrance-opening', 'not-been-out'], messages).tick('3d', 60))).toEqual([
      'began no-entrance-opening 2 12',
    ])
  })
  test('raises a device alert for a dead entrance sensor and H1 by the living one', () => {
    const home = directoryOf([front, back])
    const messages = inOrder([
      ...opens(1),
      ...every(6, 0, 72, (hour) => [reading('front', hour, { batteryLevel: 0.9 })]),
      ...opens(2, 'back'),
    ])
    const end = story(shipped('no-entrance-opening', 'device-offline'), home)
      .say(...messages)
      .tick('3d', 60)
    expect(changesOf(end)).toEqual(['began device-offline 1 3', 'began no-entrance-opening 2 2'])
  })
})

describe('H3 not back home', () => {
  const h3 = ['not-back-home']
  const leaves = (hour: number) => [...moves('hall', hour - 0.2), ...opens(hour)]

  test('raises after 12 h, clears on return', () => {
    const end = live(h3, [...leaves(9), ...alive(0, 2)]).tick('1d', 60)
    expect(changesOf(end)).toEqual(['began not-back-home 0 21'])
    expect(end.findings[0]?.reason.en).toBe('Went out on 03-01 09:00, not back after 12 h')
    expect(changesOf(end.say(...opens(30), ...moves('hall', 30.1)))[1]).toBe('ended not-back-home 1 6')
  })
  test('ignores a return in time, a day at home and a registered absence', () => {
    expect(
      changesOf(
        live(h3, [...leaves(9), ...opens(18), ...moves('hall', 18.1), ...alive(0, 2)]).tick('2d', 60),
      ),
    ).toEqual([])
    expect(changesOf(live(h3, [...opens(9), ...moves('hall', 9.1), ...alive(0, 2)]).tick('2d', 60))).toEqual(
      [],
    )
    const away = [{ from: midnight + 20 * HOUR, to: midnight + 40 * HOUR }]
    expect(changesOf(live(h3, [...leaves(9), ...alive(0, 2)], { h1: { away } }).tick('2d', 60))).toEqual([])
  })
  test('raises later for people who are usually out for long', () => {
    const usual = [0, 1, 2, 3, 4, 5].flatMap((number) => [
      ...leaves(number * 24 + 7),
      ...opens(number * 24 + 7 + 13 + (number % 2)),
      ...moves('hall', number * 24 + 21.2),
    ])
    const end = live(h3, [...usual, ...leaves(8 * 24 + 7), ...alive(0, 11)]).tick('9d 20h', 60)
    const raised = changesOf(end).filter((line) => line.startsWith('began'))
    expect(raised.at(-1)?.split(' ').slice(0, 3)).toEqual(['began', 'not-back-home', '8'])
  })
  test('does not raise without a living sensor inside', () => {
    expect(
      changesOf(
        live(
          h3,
          [
            ...leaves(30),
            ...every(6, 0, 72, (hour) => [reading('front', hour, { batteryLevel: 0.9 })]),
          ].filter((one) => one.device === 'front'),
        ).tick('3d', 60),
      ),
    ).toEqual([])
  })
})

describe('H4 and H5 at night', () => {
  test('raises for an opening from 22 to 06 h only, clears when the door stays closed', () => {
    const end = live(
      ['night-exit'],
      [...opens(0.5), ...opens(5.99), ...opens(6.5), ...opens(21.9), ...opens(22.1)],
    ).tick('1d', 60)
    expect(changesOf(end)).toEqual([
      'began night-exit 0 0.5',
      'ended night-exit 0 0.75',
      'began night-exit 0 5.99',
      'ended night-exit 0 6.24',
      'began night-exit 0 22.1',
      'ended night-exit 0 22.35',
    ])
  })
  test('ignores a door open since the evening', () => {
    const messages = [
      reading('front', 21.5, { contact: true }),
      reading('front', 21.9, { contact: false }),
      reading('front', 22.5, { contact: false }),
    ]
    expect(changesOf(live(['night-exit'], messages).tick('23h', 60))).toEqual([])
  })
  test('raises wandering for three openings in one night, not for two', () => {
    const night = (fragile: boolean, ...openings: readonly number[]) =>
      changesOf(
        live(
          ['night-wandering'],
          openings.flatMap((hour) => opens(hour)),
          { h1: { fragile } },
        ).tick('2d', 60),
      )
    expect(night(false, 23, 25, 27)).toEqual(['began night-wandering 1 3', 'ended night-wandering 1 7'])
    expect(night(false, 23, 27)).toEqual([])
    expect(night(false, 21.5, 23, 25, 30.5)).toEqual([])
    // Openings in the evening alone do not count; one more after midnight raises.
    expect(night(false, 22.5, 22.8, 22.9)).toEqual([])
    expect(night(false, 22.5, 22.8, 22.9, 25)).toEqual([
      'began night-wandering 1 1',
      'ended night-wandering 1 6.8',
    ])
    expect(night(true, 22.5, 22.8, 22.9)[0]).toBe('began night-wandering 0 22.9')
  })
  test('raises after 15 min without activity inside', () => {
    const rule = ['night-exit-not-back']
    expect(changesOf(live(rule, [...alive(0, 2), ...opens(2)]).tick('3h', 60))).toEqual([
      'began night-exit-not-back 0 2.25',
    ])
    expect(
      changesOf(
        live(rule, [...alive(0, 2), ...opens(2), ...opens(2.1), ...moves('hall', 2.11)]).tick('3h', 60),
      ),
    ).toEqual([])
    expect(changesOf(live(rule, [...alive(0, 2), ...opens(12)]).tick('13h', 60))).toEqual([])
  })
  test('ignores evening outings, except in a fragile home', () => {
    const evening = (fragile: boolean) =>
      changesOf(
        live(['night-exit-not-back'], [...alive(0, 2), ...opens(22.2)], { h1: { fragile } }).tick('1d', 60),
      )
    expect(evening(false)).toEqual([])
    expect(evening(true)).toEqual(['began night-exit-not-back 0 22.45'])
  })
})

describe('H6 long in the bathroom', () => {
  const h6 = ['long-bathroom-stay']
  const stays = (from: number, minutes: number) =>
    every(2 / 60, from, from + minutes / 60, (hour) => moves('bath', hour))

  test('raises after 15 min at night, 60 min by day', () => {
    expect(changesOf(live(h6, stays(2, 30)).tick('3h', 60))).toEqual([
      'began long-bathroom-stay 0 2.25',
      'ended long-bathroom-stay 0 2.58',
    ])
    expect(changesOf(live(h6, stays(2, 9)).tick('3h', 60))).toEqual([])
    expect(changesOf(live(h6, stays(12, 50)).tick('15h', 60))).toEqual([])
    expect(changesOf(live(h6, stays(12, 70)).tick('15h', 60))[0]).toBe('began long-bathroom-stay 0 13')
  })
  test('uses the day limit if the 15 min end after 6 h', () => {
    expect(changesOf(live(h6, stays(5.8, 20)).tick('7h', 60))).toEqual([])
    expect(changesOf(live(h6, stays(5.8, 70)).tick('7h', 60))[0]).toBe('began long-bathroom-stay 0 6.8')
  })
  test('waits for buffered messages after a hub outage', () => {
    const away = (later: readonly StoryMessage[]) => {
      const end = story(shipped(...h6), directoryOf(flat))
        .tick('0s')
        .say(reading('bath', 2, { occupancy: true }))
      return end
        .tick('2h 5m', 30)
        .say(...later)
        .tick('3h', 60)
    }
    const left = { ...reading('bath', 2.1, { occupancy: false }), receivedAt: '2h 20m 10s' }
    expect(
      changesOf(away([left, { ...reading('hall', 2.15, { occupancy: true }), receivedAt: '2h 20m 11s' }])),
    ).toEqual([])
    expect(
      changesOf(away([{ ...reading('bath', 2.3, { batteryLevel: 0.9 }), receivedAt: '2h 20m 10s' }])),
    ).toEqual(['began long-bathroom-stay 0 2.25', 'ended long-bathroom-stay 0 2.38'])
  })
  test('ignores a visit during a hub outage whose end is less late than its start', () => {
    const kept = (minute: number, occupancy: boolean, second: number): StoryMessage => ({
      device: 'bath',
      at: `2h ${minute}m`,
      receivedAt: `2h 17m ${second}s`,
      values: { occupancy },
    })
    const end = story(shipped(...h6), directoryOf(flat)).tick('2h 7m', 60)
    end.tick('2h 17m', 600).say(kept(11, true, 36), kept(14, false, 42), kept(17, false, 50))
    expect(changesOf(end.tick('3h', 60))).toEqual([])
  })
  test('clears with activity elsewhere, ignores short visits', () => {
    expect(
      changesOf(live(h6, [...stays(2, 10), ...moves('hall', 2.18), ...stays(2.2, 10)]).tick('3h', 60)),
    ).toEqual([])
  })
  test('does not turn a short visit into a stay if the sensor clock is 20 min behind', () => {
    const behind = (minute: number, occupancy: boolean): StoryMessage => ({
      device: 'bath',
      at: `2h ${minute - 20}m`,
      receivedAt: `2h ${minute}m`,
      values: { occupancy },
    })
    const hall = moves('hall', 2 + 24 / 60)
    const visit = story(shipped(...h6), directoryOf(flat)).say(...hall, behind(26, true), behind(29, false))
    expect(changesOf(visit.tick('3h', 60))).toEqual([])
    const stay = story(shipped(...h6), directoryOf(flat)).say(...hall, behind(26, true))
    expect(changesOf(stay.tick('3h', 60))).toEqual(['began long-bathroom-stay 0 2.68'])
  })
  test('raises for a sensor that stays occupied', () => {
    expect(changesOf(live(h6, [reading('bath', 2, { occupancy: true })]).tick('3h', 60))).toEqual([
      'began long-bathroom-stay 0 2.25',
    ])
  })
})

describe('H7 out of bed', () => {
  const h7 = ['out-of-bed']
  const lies = (hour: number, id = 'bed') => reading(id, hour, { occupancy: true })
  const leaves = (hour: number, id = 'bed') => reading(id, hour, { occupancy: false })

  test('raises after 45 min at night, clears back in bed', () => {
    const end = live(h7, [lies(0.1), leaves(2)]).tick('3h', 60)
    expect(changesOf(end)).toEqual(['began out-of-bed 0 2.75'])
    expect(changesOf(end.say(lies(4)))[1]).toBe('ended out-of-bed 0 4')
  })
  test('ignores a return in time, getting up, the evening before bed, and repeated states', () => {
    expect(changesOf(live(h7, [lies(0.1), leaves(2), lies(2.7), leaves(5.5)]).tick('12h', 60))).toEqual([])
    expect(changesOf(live(h7, [leaves(21), leaves(22.5), leaves(23)]).tick('1d', 60))).toEqual([])
  })
  test('waits for movement if the mat loses a person and exits from bed are usually confirmed', () => {
    const night = (hour: number) => [
      lies(hour),
      leaves(hour + 2),
      ...moves('hall', hour + 2.05),
      lies(hour + 2.2),
      leaves(hour + 7),
    ]
    const nights = [...night(0.1), ...night(24.1), ...night(48.1), lies(72.1), leaves(74)]
    const end = live(h7, nights).tick('3d 4h', 60)
    expect(changesOf(end)).toEqual([])
    expect(changesOf(end.say(...moves('hall', 76.5)))).toEqual(['began out-of-bed 3 2.75'])
  })
  test('needs both mats of a double bed to be free', () => {
    const home = directoryOf([bed, left])
    const end = story(shipped(...h7), home)
      .say(lies(0.1), lies(0.1, 'left'), leaves(2))
      .tick('3h', 60)
    expect(changesOf(end)).toEqual([])
    expect(changesOf(end.say(leaves(3.1, 'left')).tick('5h', 60))).toEqual(['began out-of-bed 0 3.85'])
  })
})

describe('H8 no kitchen activity', () => {
  const h8 = ['no-kitchen-activity']

  test('raises at noon after a morning without kitchen activity, clears with activity', () => {
    const messages = [...days(0, 3), ...day(3, { kitchen: false }), ...moves('kitchen', 3 * 24 + 13)]
    expect(changesOf(live(h8, messages).tick('4d', 60))).toEqual([
      'began no-kitchen-activity 3 12',
      'ended no-kitchen-activity 3 13',
    ])
  })
  test('ignores an outing, a registered absence and a dead sensor', () => {
    expect(
      changesOf(live(h8, [...days(0, 3), ...day(3, { kitchen: false, out: [8.5, 11] })]).tick('4d', 60)),
    ).toEqual([])
    expect(
      changesOf(live(h8, [...days(0, 3), ...day(3, { kitchen: false, out: [7.5, 14] })]).tick('4d', 60)),
    ).toEqual([])
    const away = [{ from: midnight + 3 * 24 * HOUR, to: midnight + 3.4 * 24 * HOUR }]
    expect(changesOf(live(h8, [...days(0, 3), ...alive(3, 4)], { h1: { away } }).tick('4d', 60))).toEqual([])
    const dead = [...days(0, 5)].filter(
      (one) => one.device !== 'kitchen' || at(one.at) < midnight + 24 * HOUR,
    )
    expect(
      changesOf(live(h8, dead).tick('5d', 60)).filter(
        (line) => !line.includes(' 1 ') && !line.includes(' 2 '),
      ),
    ).toEqual([])
  })
  test('ignores a kitchen sensor that is disconnected or offline with its gateway', () => {
    const kitchen = (hour: number) => reading('kitchen', hour, { batteryLevel: 0.9 })
    const lives = [...days(0, 10), ...every(1, 0, 240, (hour) => [kitchen(hour + 0.5)])]
    const silent = inOrder([
      ...lives,
      ...every(6, 240, 264, (hour) => [reading('hall', hour, { batteryLevel: 0.9 })]),
    ])
    expect(changesOf(live(h8, silent).tick('11d', 60))).toEqual([])
    const speaking = [...silent, ...every(1, 240, 264, (hour) => [kitchen(hour + 0.5)])]
    expect(changesOf(live(h8, speaking).tick('11d', 60))).toEqual(['began no-kitchen-activity 10 12'])
    const cut = { ...reading('kitchen', 240 + 11, { state: 'offline' }), kind: 'status' } as const
    expect(
      changesOf(
        live(h8, [
          ...speaking.filter(({ device, at: time }) => device !== 'kitchen' || at(time) < at('251h')),
          cut,
        ]).tick('11d', 60),
      ),
    ).toEqual([])
  })
  test('stops raising after a week for people who never cook in the morning', () => {
    const end = live(
      h8,
      days(0, 20, () => ({ kitchen: false })),
    ).tick('20d', 600)
    const raised = changesOf(end).filter((line) => line.startsWith('began'))
    expect(raised.length).toBeLessThanOrEqual(7)
  })
})

describe('H11 less activity', () => {
  const h11 = ['activity-drop']
  const busy = (number: number): StoryMessage[] => [
    ...every(0.25, number * 24 + 7, number * 24 + 22, (hour) => moves('hall', hour)),
    ...alive(number, number + 1),
  ]
  const slow = (number: number): StoryMessage[] => [
    ...every(1.5, number * 24 + 7, number * 24 + 22, (hour) => moves('hall', hour)),
    ...alive(number, number + 1),
  ]
  const week = (from: number, to: number, make: (number: number) => StoryMessage[]) =>
    Array.from({ length: to - from }, (_, index) => make(from + index)).flat()

  test('raises at midnight after three low days, clears after a usual day', () => {
    const end = live(h11, [...week(0, 16, busy), ...week(16, 20, slow), ...week(20, 22, busy)]).tick(
      '22d',
      600,
    )
    expect(changesOf(end)).toEqual(['began activity-drop 19 0', 'ended activity-drop 21 0'])
    expect(end.findings[0]?.reason.en).toMatch(/^Only \d+ % of the usual activity for 3 days$/)
  })
  test('ignores two low days and separate low days', () => {
    expect(
      changesOf(
        live(h11, [...week(0, 16, busy), ...week(16, 18, slow), ...busy(18), ...slow(19), ...busy(20)]).tick(
          '21d',
          600,
        ),
      ),
    ).toEqual([])
  })
  test('leaves out days away', () => {
    const out = (number: number): StoryMessage[] => [
      ...every(0.25, number * 24 + 7, number * 24 + 10, (hour) => moves('hall', hour)),
      ...opens(number * 24 + 10),
      ...alive(number, number + 1),
    ]
    expect(
      changesOf(
        live(h11, [
          ...week(0, 16, busy),
          ...out(16),
          ...alive(17, 20),
          ...opens(20 * 24 + 9),
          ...every(0.25, 20 * 24 + 9.1, 20 * 24 + 22, (hour) => moves('hall', hour)),
          ...busy(21),
        ]).tick('22d', 600),
      ),
    ).toEqual([])
  })
  test('does not count a dead sensor as a drop', () => {
    const dead = [...week(0, 16, busy), ...week(16, 22, slow)].filter(
      (one) => one.device !== 'bath' || at(one.at) < midnight + 15 * 24 * HOUR,
    )
    expect(changesOf(live(h11, dead).tick('22d', 600))).toEqual([])
  })
})
