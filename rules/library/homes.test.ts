/** The shipped rules for homes as timelines: a life that is learned, and what departs from it (domain.md 5). */
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

/** Hours after midnight of the first day to the words of a story. */
const hours = (value: number): string => `${Math.round(value * 3_600_000)}ms`
const says = (id: string, hour: number, values: StoryMessage['values']): StoryMessage => ({
  device: id,
  at: hours(hour),
  values: values ?? {},
})
/** A movement, and the end of it that the sensor tells 90 s later. */
const moves = (id: string, hour: number): StoryMessage[] => [
  says(id, hour, { occupancy: true }),
  says(id, hour + 0.025, { occupancy: false }),
]
const opens = (hour: number, id = 'front'): StoryMessage[] => [
  says(id, hour, { contact: false }),
  says(id, hour + 0.003, { contact: true }),
]
const inOrder = (said: readonly StoryMessage[]): StoryMessage[] =>
  [...said].sort((a, b) => at(a.at) - at(b.at))
/** From one hour to another, every so many. */
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
  /** Local hours between which nobody is there. */
  readonly out?: readonly [number, number]
  readonly kitchen?: boolean
}

/** One day of a person who moves every half hour, and tells a battery level in between. */
function day(number: number, { wake = 7, sleep = 22, out, kitchen: cooks = true }: Day = {}): StoryMessage[] {
  const start = number * 24
  const isOut = (hour: number) => out !== undefined && hour >= out[0] && hour < out[1]
  const steps = every(0.5, wake, sleep, (hour) => (isOut(hour) ? [] : moves('hall', start + hour)))
  return [
    ...steps,
    ...(cooks ? moves('kitchen', start + wake + 1.4) : []),
    ...(out ? [...opens(start + out[0] - 0.01), ...opens(start + out[1] - 0.01)] : []),
    ...every(6, 0, 24, (hour) => flat.map(({ id }) => says(id, start + hour, { batteryLevel: 0.9 }))),
  ]
}
const days = (from: number, to: number, make: (number: number) => Day = () => ({})): StoryMessage[] =>
  Array.from({ length: to - from }, (_, index) => day(from + index, make(from + index))).flat()
const alive = (from: number, to: number): StoryMessage[] =>
  every(6, from * 24, to * 24, (hour) => flat.map(({ id }) => says(id, hour, { batteryLevel: 0.9 })))

function live(
  rules: readonly string[],
  said: readonly StoryMessage[],
  options: Parameters<typeof directoryOf>[1] = {},
) {
  return story(shipped(...rules), directoryOf(flat, options)).say(...inOrder(said))
}
/** `change rule day hour` of everything told. */
const told = (end: ReturnType<typeof live>): string[] => {
  expect(end.engine.stats().failures).toEqual([])
  return end.findings.map(({ change, rule, at: when }) => {
    const since = (when - midnight) / HOUR
    return `${change} ${rule} ${Math.floor(since / 24)} ${Math.round((since % 24) * 100) / 100}`
  })
}

describe('H2 unusual silence', () => {
  const h2 = ['unusual-silence']

  test('a night of 10.8 h in bed, as real homes have it, by somebody who usually gets up once', () => {
    const usual = days(0, 21, (number) => ({ sleep: number === 20 ? 20.8 : 22 }))
    const said = [
      ...usual,
      ...every(24, 2, 20 * 24, (hour) => moves('bath', hour)),
      ...day(21, { wake: 7.3 }),
    ]
    expect(told(live(h2, said).tick('21d 8h', 60))).toEqual([])
  })

  test('an ordinary fortnight and more: nights, late mornings, early evenings, ways out', () => {
    const said = days(0, 40, (number) => ({
      wake: 6.5 + (number % 4) * 0.3,
      sleep: 21.6 + (number % 3) * 0.3,
      out: [10 + (number % 2), 12 + (number % 5)],
    }))
    expect(told(live(h2, said).tick('40d', 600))).toEqual([])
  })

  test('after 14 days a silence by day is told within 3 h, in words that say what is usual', () => {
    const end = live(h2, [
      ...days(0, 20),
      ...every(0.5, 20 * 24 + 7, 20 * 24 + 10.1, (hour) => moves('hall', hour)),
      ...alive(20, 22),
    ]).tick('20d 20h', 60)
    expect(told(end)).toEqual(['began unusual-silence 20 13.02'])
    const [{ reason, severity, kind } = { reason: { en: '', zh: '' } }] = end.findings
    expect({ severity, kind }).toEqual({ severity: 'high', kind: 'welfare' })
    expect(reason.en).toBe('No sign of life for 3 h, since 03-21 10:01; usually at most 0.5 h at 13–14 h')
    expect(reason.zh).toContain('自 03-21 10:01 起已 3 小时无动静')
  })

  test('a night may be as long as nights are, and a quarter more', () => {
    // Up at 7 after 22: 9.5 h are usual, 11.9 h are too long.
    const end = live(h2, [...days(0, 20), ...alive(20, 22)]).tick('20d 20h', 60)
    expect(told(end)).toHaveLength(1)
    const raised = Number(told(end)[0]?.split(' ').at(-1))
    expect(raised).toBeGreaterThan(7.9)
    expect(raised).toBeLessThan(10)
  })

  test('before 14 days are learned it takes 12 h', () => {
    const end = live(h2, [...days(0, 5), ...alive(5, 7)]).tick('6d', 60)
    expect(told(end)).toEqual(['began unusual-silence 5 9.53'])
    expect(end.findings[0]?.reason.en).toContain('not learned yet (4 days so far)')
  })

  test('a sign of life ends it; one that comes late takes it back', () => {
    const raised = () => live(h2, [...days(0, 20), ...alive(20, 20.75)]).tick('20d 18h', 60)
    const ended = raised().say(...moves('hall', 20 * 24 + 18.5))
    expect(told(ended)).toEqual(['began unusual-silence 20 9.4', 'ended unusual-silence 20 18.5'])
    const late = { ...says('hall', 20 * 24 + 7.2, { occupancy: true }), receivedAt: hours(20 * 24 + 18.5) }
    expect(told(raised().say(late).tick('20d 19h', 60))).toEqual([
      'began unusual-silence 20 9.4',
      'retracted unusual-silence 20 9.4',
      'began unusual-silence 20 10.2',
    ])
  })

  test('whoever went out and closed the door is not silent, but who came back and moved is', () => {
    const away = [
      ...days(0, 20),
      ...every(0.5, 20 * 24 + 7, 20 * 24 + 9, (hour) => moves('hall', hour)),
      ...opens(20 * 24 + 9),
      ...alive(20, 22),
    ]
    expect(told(live(h2, away).tick('21d 20h', 60))).toEqual([])
    const home = [...away, ...opens(20 * 24 + 11), ...moves('hall', 20 * 24 + 11.1)]
    expect(told(live(h2, home).tick('20d 20h', 60))).toEqual(['began unusual-silence 20 14.13'])
  })

  test('the movement sensor that tells the end of a movement after the door was closed has seen nobody', () => {
    const said = [
      ...days(0, 20),
      says('hall', 20 * 24 + 8.999, { occupancy: true }),
      ...opens(20 * 24 + 9),
      says('hall', 20 * 24 + 9.02, { occupancy: false }),
      ...alive(20, 22),
    ]
    expect(told(live(h2, said).tick('21d 20h', 60))).toEqual([])
  })

  test('who goes out by a door whose clock is 20 min behind that of the others is out', () => {
    const isOut = [9, 16] as const
    const said = inOrder([
      ...days(0, 20, () => ({ out: [9, 11] })),
      ...day(20, { out: isOut }),
      ...moves('hall', 20 * 24 + 8.8),
    ])
    const behind = said.map((one) => {
      const hour = (at(one.at) - midnight) / HOUR
      return one.device === 'front' ? { ...one, at: hours(hour - 1 / 3), receivedAt: hours(hour) } : one
    })
    const end = story(shipped(...h2), directoryOf(flat)).say(...behind)
    expect(told(end.tick('20d 23h', 60))).toEqual([])
  })

  test.each([
    ['unusual-silence', []],
    ['not-back-home', ['began not-back-home 20 21.01']],
  ])('%s: who passed a sensor whose clock is 90 s ahead and went out is out', (rule, expected) => {
    const said = inOrder([...days(0, 20, () => ({ out: [9, 11] })), ...day(20, { wake: 7, sleep: 8.7 })])
    const passes = [
      { ...says('hall', 20 * 24 + 9 + 90 / 3600, { occupancy: true }), receivedAt: hours(20 * 24 + 9) },
      says('front', 20 * 24 + 9 + 20 / 3600, { contact: false }),
      says('front', 20 * 24 + 9 + 30 / 3600, { contact: true }),
    ]
    const life = every(0.5, 20 * 24 + 9.5, 21 * 24, (hour) =>
      flat.map(({ id }) => says(id, hour, { batteryLevel: 0.9 })),
    )
    const before = said.filter((one) => at(one.at) < at(hours(20 * 24 + 9)))
    const end = story(shipped(rule), directoryOf(flat)).say(...before, ...passes, ...life)
    expect(told(end)).toEqual(expected)
  })

  test('a door that stands open is no way out: somebody may lie behind it', () => {
    const said = [
      ...days(0, 20),
      ...moves('hall', 20 * 24 + 8.9),
      says('front', 20 * 24 + 9, { contact: false }),
      ...alive(20, 22),
    ]
    expect(told(live(h2, said).tick('20d 20h', 60))).toEqual(['began unusual-silence 20 12'])
  })

  test('absences of the calendar are no silence, and afterwards it counts anew', () => {
    const fromTo = { from: midnight + (20 * 24 + 8) * HOUR, to: midnight + (25 * 24 + 9) * HOUR }
    const said = [...days(0, 20), ...moves('hall', 20 * 24 + 7.5), ...alive(20, 27)]
    const end = live(h2, said, { h1: { away: [fromTo] } }).tick('25d 20h', 60)
    expect(told(end)).toEqual(['began unusual-silence 25 12'])
    expect(end.findings[0]?.reason.en).toContain('since the registered absence ended')
  })

  describe('a dead sensor is a device alert, never a welfare alarm', () => {
    const lastDay = midnight + 20.5 * 24 * HOUR
    const beats = (ids: readonly string[], until: number) =>
      every(1, 0, until * 24, (hour) => ids.map((id) => says(id, hour + 0.01, { batteryLevel: 0.9 })))
    const all = flat.map(({ id }) => id)
    /** As usual for 20 days with a message every hour; at noon some sensors are heard no more, and nobody moves. */
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
      ['the one that gave most signs', ['hall']],
      ['the entrance, without which an absence cannot be told', ['front']],
    ])('%s', (_, ids) => {
      const raised = told(dying(...ids)).map((line) => line.split(' ')[1])
      expect(raised).toEqual(ids.map(() => 'device-offline'))
    })
    test('one that gave few signs leaves the watch to the others', () => {
      expect(told(dying('bath'))[0]).toBe('began unusual-silence 20 14.52')
    })
    test('a Last Will tells at once', () => {
      const will: StoryMessage = {
        device: 'hall',
        kind: 'status',
        at: hours(20 * 24 + 12.6),
        values: { state: 'offline' },
      }
      const said = [
        ...days(0, 20),
        ...every(0.5, 20 * 24 + 7, 20 * 24 + 12.5, (hour) => moves('hall', hour)),
        will,
        ...alive(20, 22).filter(({ device: id }) => id !== 'hall'),
      ]
      expect(told(live(h2, said).tick('21d', 60))).toEqual([])
    })
    test('alive again it counts anew', () => {
      const end = dying('front').say(
        ...every(1, 21 * 24 + 21, 21 * 24 + 22, () =>
          all.map((id) => says(id, 21 * 24 + 21, { batteryLevel: 0.9 })),
        ),
      )
      expect(told(end.tick('22d 6h', 60)).filter((line) => line.includes('silence'))).toEqual([])
    })
  })

  test('a bed that stays occupied is no sign, leaving it is', () => {
    const said = [
      ...days(0, 20),
      says('bed', 20 * 24 - 1, { occupancy: true }),
      ...every(1, 20 * 24, 21 * 24, (hour) => [says('bed', hour, { occupancy: true })]),
      ...alive(20, 22),
    ]
    expect(told(live(h2, said).tick('20d 20h', 60))).toHaveLength(1)
  })

  test('several people: nothing is told', () => {
    const said = [...days(0, 20), ...alive(20, 22)]
    expect(told(live(h2, said, { h1: { persons: 2 } }).tick('21d 20h', 60))).toEqual([])
  })

  test('a home without an entrance door is watched all the same', () => {
    const inner = directoryOf([hall, kitchen])
    const said = inOrder([...days(0, 20), ...alive(20, 22)]).filter((one) =>
      ['hall', 'kitchen'].includes(one.device),
    )
    const end = story(shipped('unusual-silence', 'no-entrance-opening'), inner)
      .say(...said)
      .tick('20d 20h', 60)
    expect(told(end)).toHaveLength(1)
  })

  test('the day of an alert is not learned: the next one is told as early', () => {
    const fall = (number: number) => [
      ...every(0.5, number * 24 + 7, number * 24 + 10.1, (hour) => moves('hall', hour)),
      ...every(0.5, number * 24 + 19, number * 24 + 22, (hour) => moves('hall', hour)),
      ...alive(number, number + 1),
    ]
    const end = live(h2, [...days(0, 20), ...fall(20), ...days(21, 23), ...fall(23)]).tick('24d', 60)
    expect(told(end).filter((line) => line.startsWith('began'))).toEqual([
      'began unusual-silence 20 13.02',
      'began unusual-silence 23 13.02',
    ])
  })
})

/** Signs of life of all sensors, every half an hour. */
const pulses = (from: number, to: number): StoryMessage[] =>
  every(0.5, from, to, (hour) => flat.map(({ id }) => says(id, hour, { batteryLevel: 0.9 })))
/** As a gateway tells it that kept it until it had a line again. */
const keptUntil = (hour: number, said: readonly StoryMessage[]): StoryMessage[] =>
  inOrder(said).map((one, index) => ({ ...one, receivedAt: hours(hour + index / 3600) }))

describe('a gateway without a line', () => {
  const fragile = { h1: { fragile: true } }
  const out = 8 * 24 + 9
  const daily = every(24, 12, out - 12, (hour) => [...opens(hour), ...moves('hall', hour + 0.1)])
  const leaves = [...daily, ...moves('hall', out - 0.2), ...opens(out)]
  const heard = (said: readonly StoryMessage[], rule: string) =>
    live(
      [rule],
      [...pulses(0, out + 1), ...leaves, ...said.filter((one) => at(one.at) < at(hours(out + 1)))],
      fragile,
    )

  test.each([
    ['not-back-home', 12],
    ['no-entrance-opening', 24],
  ])('%s: a home of which nothing is heard is no silent one', (rule, limit) => {
    const end = heard([], rule).tick(hours(out + limit + 0.9), 60)
    expect(told(end)).toEqual([])
    end.say(...keptUntil(out + limit + 1, [...opens(out + 2), ...moves('hall', out + 2.1)]))
    expect(told(end.tick(hours(out + limit + 1.9), 60))).toEqual([])
  })
  test.each([
    ['not-back-home', 12],
    ['no-entrance-opening', 24],
  ])('%s: what it kept tells of nobody, so it is told then', (rule, limit) => {
    const end = heard([], rule).tick(hours(out + limit + 0.9), 60)
    end.say(...keptUntil(out + limit + 1, pulses(out + 1, out + limit + 1)))
    expect(told(end.tick(hours(out + limit + 4), 60))).toEqual([
      `began ${rule} ${limit > 15 ? 9 : 8} ${(9 + limit) % 24}`,
    ])
  })
  test.each([
    ['not-back-home', 12],
    ['no-entrance-opening', 24],
  ])('%s: heard all the time, it is told in time', (rule, limit) => {
    const end = heard([], rule).say(...inOrder(pulses(out + 1, out + limit + 1)))
    expect(told(end)).toEqual([`began ${rule} ${limit > 15 ? 9 : 8} ${(9 + limit) % 24}`])
  })
})

describe('H1 and who has not been out', () => {
  test('the calendar pauses it and it counts anew', () => {
    const away = [{ from: midnight + 24 * HOUR, to: midnight + 10 * 24 * HOUR }]
    const said = [...opens(12), ...alive(0, 15)]
    const end = live(['no-entrance-opening'], said, { h1: { away } }).tick('13d', 60)
    expect(told(end)).toEqual(['began no-entrance-opening 12 0'])
  })
  test('with activity inside it is only told that nobody went out; a way out ends it', () => {
    const indoors = [...opens(12), ...days(0, 4)]
    const rules = ['no-entrance-opening', 'not-been-out']
    const end = live(rules, indoors).tick('3d 21h', 60)
    expect(told(end)).toEqual(['began not-been-out 2 12'])
    expect(end.findings[0]?.severity).toBe('low')
    expect(told(end.say(...opens(96)))[1]).toBe('ended not-been-out 4 0')
  })
  test('activity that begins again after the limit is told then', () => {
    const said = [...opens(12), ...alive(0, 4), ...moves('hall', 70)]
    expect(told(live(['not-been-out'], said).tick('3d 12h', 60))).toEqual(['began not-been-out 2 22'])
  })
  test('without activity it is the welfare alarm alone', () => {
    const said = [...opens(12), ...alive(0, 4)]
    expect(told(live(['no-entrance-opening', 'not-been-out'], said).tick('3d', 60))).toEqual([
      'began no-entrance-opening 2 12',
    ])
  })
  test('two entrances of which one is dead: a device alert, and the welfare alarm by the living one', () => {
    const home = directoryOf([front, back])
    const said = inOrder([
      ...opens(1),
      ...every(6, 0, 72, (hour) => [says('front', hour, { batteryLevel: 0.9 })]),
      ...opens(2, 'back'),
    ])
    const end = story(shipped('no-entrance-opening', 'device-offline'), home)
      .say(...said)
      .tick('3d', 60)
    expect(told(end)).toEqual(['began device-offline 1 3', 'began no-entrance-opening 2 2'])
  })
})

describe('H3 not back home', () => {
  const h3 = ['not-back-home']
  const leaves = (hour: number) => [...moves('hall', hour - 0.2), ...opens(hour)]

  test('12 h at least; coming back ends it', () => {
    const end = live(h3, [...leaves(9), ...alive(0, 2)]).tick('1d', 60)
    expect(told(end)).toEqual(['began not-back-home 0 21'])
    expect(end.findings[0]?.reason.en).toBe('Went out on 03-01 09:00, not back after 12 h')
    expect(told(end.say(...opens(30), ...moves('hall', 30.1)))[1]).toBe('ended not-back-home 1 6')
  })
  test('back in time, or at home all day, or away by the calendar: quiet', () => {
    expect(
      told(live(h3, [...leaves(9), ...opens(18), ...moves('hall', 18.1), ...alive(0, 2)]).tick('2d', 60)),
    ).toEqual([])
    expect(told(live(h3, [...opens(9), ...moves('hall', 9.1), ...alive(0, 2)]).tick('2d', 60))).toEqual([])
    const away = [{ from: midnight + 20 * HOUR, to: midnight + 40 * HOUR }]
    expect(told(live(h3, [...leaves(9), ...alive(0, 2)], { h1: { away } }).tick('2d', 60))).toEqual([])
  })
  test('who is usually out for long is missed later', () => {
    const usual = [0, 1, 2, 3, 4, 5].flatMap((number) => [
      ...leaves(number * 24 + 7),
      ...opens(number * 24 + 7 + 13 + (number % 2)),
      ...moves('hall', number * 24 + 21.2),
    ])
    const end = live(h3, [...usual, ...leaves(8 * 24 + 7), ...alive(0, 11)]).tick('9d 20h', 60)
    const raised = told(end).filter((line) => line.startsWith('began'))
    expect(raised.at(-1)?.split(' ').slice(0, 3)).toEqual(['began', 'not-back-home', '8'])
  })
  test('no living sensor inside could tell: quiet', () => {
    expect(
      told(
        live(
          h3,
          [...leaves(30), ...every(6, 0, 72, (hour) => [says('front', hour, { batteryLevel: 0.9 })])].filter(
            (one) => one.device === 'front',
          ),
        ).tick('3d', 60),
      ),
    ).toEqual([])
  })
})

describe('H4 and H5 at night', () => {
  test('an opening at 22-06 h is told, by day it is not; it is over when the door stays closed', () => {
    const end = live(
      ['night-exit'],
      [...opens(0.5), ...opens(5.99), ...opens(6.5), ...opens(21.9), ...opens(22.1)],
    ).tick('1d', 60)
    expect(told(end)).toEqual([
      'began night-exit 0 0.5',
      'ended night-exit 0 0.75',
      'began night-exit 0 5.99',
      'ended night-exit 0 6.24',
      'began night-exit 0 22.1',
      'ended night-exit 0 22.35',
    ])
  })
  test('a door that stands open since the evening is not opened at night', () => {
    const said = [
      says('front', 21.5, { contact: true }),
      says('front', 21.9, { contact: false }),
      says('front', 22.5, { contact: false }),
    ]
    expect(told(live(['night-exit'], said).tick('23h', 60))).toEqual([])
  })
  test('three openings in one night are wandering, two are not', () => {
    const night = (fragile: boolean, ...openings: readonly number[]) =>
      told(
        live(
          ['night-wandering'],
          openings.flatMap((hour) => opens(hour)),
          { h1: { fragile } },
        ).tick('2d', 60),
      )
    expect(night(false, 23, 25, 27)).toEqual(['began night-wandering 1 3', 'ended night-wandering 1 7'])
    expect(night(false, 23, 27)).toEqual([])
    expect(night(false, 21.5, 23, 25, 30.5)).toEqual([])
    // Guests leave, the rubbish is taken out: an evening. One more after midnight is none.
    expect(night(false, 22.5, 22.8, 22.9)).toEqual([])
    expect(night(false, 22.5, 22.8, 22.9, 25)).toEqual([
      'began night-wandering 1 1',
      'ended night-wandering 1 6.8',
    ])
    expect(night(true, 22.5, 22.8, 22.9)[0]).toBe('began night-wandering 0 22.9')
  })
  test('out at night and no sign inside for 15 min', () => {
    const rule = ['night-exit-not-back']
    expect(told(live(rule, [...alive(0, 2), ...opens(2)]).tick('3h', 60))).toEqual([
      'began night-exit-not-back 0 2.25',
    ])
    expect(
      told(live(rule, [...alive(0, 2), ...opens(2), ...opens(2.1), ...moves('hall', 2.11)]).tick('3h', 60)),
    ).toEqual([])
    expect(told(live(rule, [...alive(0, 2), ...opens(12)]).tick('13h', 60))).toEqual([])
  })
  test('who is up and goes out in the evening is not missed after 15 min, unless fragile', () => {
    const evening = (fragile: boolean) =>
      told(
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

  test('15 min at night, 60 min by day', () => {
    expect(told(live(h6, stays(2, 30)).tick('3h', 60))).toEqual([
      'began long-bathroom-stay 0 2.25',
      'ended long-bathroom-stay 0 2.58',
    ])
    expect(told(live(h6, stays(2, 9)).tick('3h', 60))).toEqual([])
    expect(told(live(h6, stays(12, 50)).tick('15h', 60))).toEqual([])
    expect(told(live(h6, stays(12, 70)).tick('15h', 60))[0]).toBe('began long-bathroom-stay 0 13')
  })
  test('who gets up before 6 is not in there at night any more when the 15 min are over', () => {
    expect(told(live(h6, stays(5.8, 20)).tick('7h', 60))).toEqual([])
    expect(told(live(h6, stays(5.8, 70)).tick('7h', 60))[0]).toBe('began long-bathroom-stay 0 6.8')
  })
  test('after the hub was away it is not told before what the sensors kept has come', () => {
    const away = (later: readonly StoryMessage[]) => {
      const end = story(shipped(...h6), directoryOf(flat))
        .tick('0s')
        .say(says('bath', 2, { occupancy: true }))
      return end
        .tick('2h 5m', 30)
        .say(...later)
        .tick('3h', 60)
    }
    const left = { ...says('bath', 2.1, { occupancy: false }), receivedAt: '2h 20m 10s' }
    expect(
      told(away([left, { ...says('hall', 2.15, { occupancy: true }), receivedAt: '2h 20m 11s' }])),
    ).toEqual([])
    expect(told(away([{ ...says('bath', 2.3, { batteryLevel: 0.9 }), receivedAt: '2h 20m 10s' }]))).toEqual([
      'began long-bathroom-stay 0 2.25',
      'ended long-bathroom-stay 0 2.38',
    ])
  })
  test('who came and went while the hub was away, and whose way out comes less late than the way in', () => {
    const kept = (minute: number, occupancy: boolean, second: number): StoryMessage => ({
      device: 'bath',
      at: `2h ${minute}m`,
      receivedAt: `2h 17m ${second}s`,
      values: { occupancy },
    })
    const end = story(shipped(...h6), directoryOf(flat)).tick('2h 7m', 60)
    end.tick('2h 17m', 600).say(kept(11, true, 36), kept(14, false, 42), kept(17, false, 50))
    expect(told(end.tick('3h', 60))).toEqual([])
  })
  test('a sign elsewhere ends it, and comings and goings are no stay', () => {
    expect(
      told(live(h6, [...stays(2, 10), ...moves('hall', 2.18), ...stays(2.2, 10)]).tick('3h', 60)),
    ).toEqual([])
  })
  test('a bathroom sensor whose clock is 20 min behind that of the others makes no stay of a short visit', () => {
    const behind = (minute: number, occupancy: boolean): StoryMessage => ({
      device: 'bath',
      at: `2h ${minute - 20}m`,
      receivedAt: `2h ${minute}m`,
      values: { occupancy },
    })
    const hall = moves('hall', 2 + 24 / 60)
    const visit = story(shipped(...h6), directoryOf(flat)).say(...hall, behind(26, true), behind(29, false))
    expect(told(visit.tick('3h', 60))).toEqual([])
    const stay = story(shipped(...h6), directoryOf(flat)).say(...hall, behind(26, true))
    expect(told(stay.tick('3h', 60))).toEqual(['began long-bathroom-stay 0 2.68'])
  })
  test('a sensor that sees somebody without a break', () => {
    expect(told(live(h6, [says('bath', 2, { occupancy: true })]).tick('3h', 60))).toEqual([
      'began long-bathroom-stay 0 2.25',
    ])
  })
})

describe('H7 out of bed', () => {
  const h7 = ['out-of-bed']
  const lies = (hour: number, id = 'bed') => says(id, hour, { occupancy: true })
  const leaves = (hour: number, id = 'bed') => says(id, hour, { occupancy: false })

  test('45 min at night; back in bed ends it', () => {
    const end = live(h7, [lies(0.1), leaves(2)]).tick('3h', 60)
    expect(told(end)).toEqual(['began out-of-bed 0 2.75'])
    expect(told(end.say(lies(4)))[1]).toBe('ended out-of-bed 0 4')
  })
  test('back in time, up in the morning, not yet in bed in the evening, a bed that tells the same again: quiet', () => {
    expect(told(live(h7, [lies(0.1), leaves(2), lies(2.7), leaves(5.5)]).tick('12h', 60))).toEqual([])
    expect(told(live(h7, [leaves(21), leaves(22.5), leaves(23)]).tick('1d', 60))).toEqual([])
  })
  test('a mat that loses who lies on it, in a home where ways out of bed are seen: quiet until something moves', () => {
    const night = (hour: number) => [
      lies(hour),
      leaves(hour + 2),
      ...moves('hall', hour + 2.05),
      lies(hour + 2.2),
      leaves(hour + 7),
    ]
    const nights = [...night(0.1), ...night(24.1), ...night(48.1), lies(72.1), leaves(74)]
    const end = live(h7, nights).tick('3d 4h', 60)
    expect(told(end)).toEqual([])
    expect(told(end.say(...moves('hall', 76.5)))).toEqual(['began out-of-bed 3 2.75'])
  })
  test('a bed with a mat on either side is left when both are', () => {
    const home = directoryOf([bed, left])
    const end = story(shipped(...h7), home)
      .say(lies(0.1), lies(0.1, 'left'), leaves(2))
      .tick('3h', 60)
    expect(told(end)).toEqual([])
    expect(told(end.say(leaves(3.1, 'left')).tick('5h', 60))).toEqual(['began out-of-bed 0 3.85'])
  })
})

describe('H8 nobody in the kitchen', () => {
  const h8 = ['no-kitchen-activity']

  test('a morning without the kitchen is told at noon, and ends when somebody comes', () => {
    const said = [...days(0, 3), ...day(3, { kitchen: false }), ...moves('kitchen', 3 * 24 + 13)]
    expect(told(live(h8, said).tick('4d', 60))).toEqual([
      'began no-kitchen-activity 3 12',
      'ended no-kitchen-activity 3 13',
    ])
  })
  test('out for the morning, away by the calendar, a dead sensor: quiet', () => {
    expect(
      told(live(h8, [...days(0, 3), ...day(3, { kitchen: false, out: [8.5, 11] })]).tick('4d', 60)),
    ).toEqual([])
    expect(
      told(live(h8, [...days(0, 3), ...day(3, { kitchen: false, out: [7.5, 14] })]).tick('4d', 60)),
    ).toEqual([])
    const away = [{ from: midnight + 3 * 24 * HOUR, to: midnight + 3.4 * 24 * HOUR }]
    expect(told(live(h8, [...days(0, 3), ...alive(3, 4)], { h1: { away } }).tick('4d', 60))).toEqual([])
    const dead = [...days(0, 5)].filter(
      (one) => one.device !== 'kitchen' || at(one.at) < midnight + 24 * HOUR,
    )
    expect(
      told(live(h8, dead).tick('5d', 60)).filter((line) => !line.includes(' 1 ') && !line.includes(' 2 ')),
    ).toEqual([])
  })
  test('a kitchen sensor whose line was cut, or that fell silent with its gateway, is no witness', () => {
    const kitchen = (hour: number) => says('kitchen', hour, { batteryLevel: 0.9 })
    const lives = [...days(0, 10), ...every(1, 0, 240, (hour) => [kitchen(hour + 0.5)])]
    const silent = inOrder([
      ...lives,
      ...every(6, 240, 264, (hour) => [says('hall', hour, { batteryLevel: 0.9 })]),
    ])
    expect(told(live(h8, silent).tick('11d', 60))).toEqual([])
    const speaking = [...silent, ...every(1, 240, 264, (hour) => [kitchen(hour + 0.5)])]
    expect(told(live(h8, speaking).tick('11d', 60))).toEqual(['began no-kitchen-activity 10 12'])
    const cut = { ...says('kitchen', 240 + 11, { state: 'offline' }), kind: 'status' } as const
    expect(
      told(
        live(h8, [
          ...speaking.filter(({ device, at: time }) => device !== 'kitchen' || at(time) < at('251h')),
          cut,
        ]).tick('11d', 60),
      ),
    ).toEqual([])
  })
  test('who never cooks in the morning is left alone after a week', () => {
    const end = live(
      h8,
      days(0, 20, () => ({ kitchen: false })),
    ).tick('20d', 600)
    const raised = told(end).filter((line) => line.startsWith('began'))
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

  test('three low days running, told at midnight; a day as before ends it', () => {
    const end = live(h11, [...week(0, 16, busy), ...week(16, 20, slow), ...week(20, 22, busy)]).tick(
      '22d',
      600,
    )
    expect(told(end)).toEqual(['began activity-drop 19 0', 'ended activity-drop 21 0'])
    expect(end.findings[0]?.reason.en).toMatch(/^Only \d+ % of the usual activity for 3 days$/)
  })
  test('two low days, or low days among others: quiet', () => {
    expect(
      told(
        live(h11, [...week(0, 16, busy), ...week(16, 18, slow), ...busy(18), ...slow(19), ...busy(20)]).tick(
          '21d',
          600,
        ),
      ),
    ).toEqual([])
  })
  test('days away count for nothing', () => {
    const out = (number: number): StoryMessage[] => [
      ...every(0.25, number * 24 + 7, number * 24 + 10, (hour) => moves('hall', hour)),
      ...opens(number * 24 + 10),
      ...alive(number, number + 1),
    ]
    expect(
      told(
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
  test('a dead sensor is no drop', () => {
    const dead = [...week(0, 16, busy), ...week(16, 22, slow)].filter(
      (one) => one.device !== 'bath' || at(one.at) < midnight + 15 * 24 * HOUR,
    )
    expect(told(live(h11, dead).tick('22d', 600))).toEqual([])
  })
})
