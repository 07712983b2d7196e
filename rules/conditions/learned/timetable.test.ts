/** `timetable`: switched at another time than on the last days. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compiled, device, directoryOf, ruleText, type StoryMessage, story } from '../../testing/community.ts'
import { episodes, spans, type TestReading } from '../../testing/episodes.ts'

const condition = { timetable: { when: "powerState == 'on'", tolerance: '20m' } }
const tested = { type: 'streetlight', rule: { condition } }

/** A reading every five minutes; each night is on between two hours, counted from midnight before it. */
type Night = readonly [on: number, off: number] | 'dark'
function nights(...list: readonly Night[]): TestReading[] {
  const readings: TestReading[] = []
  for (let index = 0; index < list.length * 288; index += 1) {
    const hour = index / 12
    const isOn = list.some(
      (night, day) => night !== 'dark' && hour >= day * 24 + night[0] && hour < day * 24 + night[1],
    )
    readings.push({ hour, values: { powerState: isOn ? 'on' : 'off' } })
  }
  return readings
}
const usual = [18, 30] as const
const days = (count: number, night: readonly [number, number] = usual): (readonly [number, number])[] =>
  Array.from({ length: count }, () => night)
const minutesOf = (readings: readonly TestReading[]): unknown[] =>
  episodes(tested, readings).map(({ evidence }) => evidence.minutes)

const fires: readonly (readonly [string, readonly TestReading[], readonly string[]])[] = [
  ['on an hour early', nights(...days(4), [17, 30], ...days(2)), ['113 113 138']],
  ['off an hour early', nights(...days(4), [18, 29], ...days(2)), ['125 125 150']],
  ['off two hours late', nights(...days(4), [18, 32], ...days(2)), ['128 128 150']],
  [
    'not on, raised by the timer, until it is on time again',
    nights(...days(4), 'dark', ...days(2)),
    ['114 114.4167 138'],
  ],
  [
    'not on, the day after a dusk without readings',
    nights(...days(5), 'dark', ...days(2)).filter(({ hour }) => hour < 112 || hour > 116),
    ['138.0833 138.5 162'],
  ],
  ['not off, three hours after the time', nights(...days(4), [18, 53.9], ...days(2)), ['126 129.0833 150']],
  [
    'an early switching after three days of a new timetable, five hours away',
    nights(...days(5), ...days(3, [13, 30]), [12, 30], ...days(2, [13, 30])),
    ['204 204 229'],
  ],
  ['a late switching is first not on', nights(...days(4), [20, 30], ...days(2)), ['114 114.4167 138']],
]
const quiet: readonly (readonly [string, readonly TestReading[]])[] = [
  ['the same every night', nights(...days(8))],
  ['twenty minutes early', nights(...days(4), [18 + 1 / 3, 30 - 1 / 3], ...days(2))],
  [
    'a test at the same hour of every day',
    nights(...days(8)).map(({ hour, values }) => ({
      hour,
      values: hour % 24 >= 10 && hour % 24 < 10.5 ? { powerState: 'on' } : values,
    })),
  ],
  ['only two nights known', nights(...days(2), [17, 30], usual)],
  [
    'a test by day',
    [
      ...nights(...days(5)),
      ...nights(...days(5))
        .map(({ hour }) => ({
          hour: hour + 120,
          values: { powerState: hour > 10 && hour < 10.5 ? 'on' : 'off' },
        }))
        .slice(0, 150),
    ],
  ],
  [
    'switched during a gap in the readings',
    nights(...days(4), [19.5, 30], ...days(2)).filter(({ hour }) => hour < 112 || hour > 116),
  ],
]

describe('raises on', () => {
  test.each(fires)('%s', (_, readings, expected) => {
    expect(spans(tested, readings)).toEqual(expected)
  })
  test('an early switching, with the minutes in the evidence', () => {
    expect(minutesOf(nights(...days(4), [17, 30], usual))).toEqual([60])
  })
})
describe('does not raise on', () => {
  test.each(quiet)('%s', (_, readings) => {
    expect(spans(tested, readings)).toEqual([])
  })
})

test('a new timetable becomes usual after some days', () => {
  expect(spans(tested, nights(...days(5), ...days(7, [17, 30]), ...days(2, [17, 30])))).toEqual([
    '137 137 233',
  ])
})

test('a seasonal shift does not raise when it follows the sun', () => {
  // In March in Greenwich dusk moves by 1.7 min a day: by 24 min during an outage of two weeks.
  const dusk = (day: number): number => 17.7 + (day * 1.7) / 60
  const list = Array.from({ length: 24 }, (_, day): Night => [dusk(day), 30])
  const readings = nights(...list).filter(({ hour }) => hour < 7 * 24 + 12 || hour > 21 * 24 + 12)
  expect(spans(tested, readings)).toEqual([])
})

describe('a circuit', () => {
  const lamps = ['l1', 'l2', 'l3', 'l4']
  const circuit = directoryOf(lamps.map((id) => device(id, 'streetlight', { circuit: 'c1' })))
  const rules = compiled([ruleText({ applies: { types: ['streetlight'], of: 'circuit' }, condition })])
  const emittedFor = (of: (lamp: number) => readonly Night[]) =>
    story(rules, circuit)
      .say(
        ...lamps
          .flatMap((id, lamp) =>
            nights(...of(lamp)).map(
              ({ hour, values }): StoryMessage => ({ device: id, at: `${hour}h`, values }),
            ),
          )
          .toSorted((a, b) => Number.parseFloat(a.at) - Number.parseFloat(b.at)),
      )
      .emitted()

  test('raises once for all lamps', () => {
    expect(emittedFor(() => [...days(4), [17, 30], usual])).toEqual([
      `began tested@${113 * 3600}`,
      `ended tested@${138 * 3600}`,
    ])
  })
  test('a first reading in the middle of the night is no switching', () => {
    const first: Night = [0, 6]
    const list: Night[] = [first, ...days(4).map(([on, off]): Night => [on - 24, off - 24]), [-7, 6], usual]
    expect(emittedFor(() => list)[0]).toBe(`began tested@${113 * 3600}`)
  })
  test('tolerates a lamp whose clock is 25 min slow, whether received second or last', () => {
    const messages = nights(...days(8)).flatMap(({ hour, values }) => {
      const order = hour > 4 * 24 + 12 ? ['l1', 'l3', 'l4', 'l2'] : lamps
      return order.map((id): StoryMessage => {
        const received = `${hour}h`
        return { device: id, at: id === 'l2' ? `${hour - 5 / 12}h` : received, receivedAt: received, values }
      })
    })
    expect(
      story(rules, circuit)
        .say(...messages)
        .emitted(),
    ).toEqual([])
  })
  test('one early lamp does not raise for the circuit', () => {
    expect(emittedFor((lamp) => [...days(4), lamp === 0 ? [17, 30] : usual, usual])).toEqual([])
  })
})

test.each<[string, readonly [number, number], readonly string[]]>([
  ['over the usual time: switched on meanwhile', [113.9, 114.45], []],
  ['over the usual time: stays dark', [113.9, 114.45], ['began tested@411900']],
])('hub outage %s', (name, [from, to], expected) => {
  const dark = name.includes('dark')
  const rules = compiled([ruleText({ applies: { types: ['streetlight'] }, condition })])
  const lamp = story(rules, directoryOf([device('it', 'streetlight')]))
  const readings = nights(...days(4), dark ? 'dark' : usual)
  for (const { hour, values } of readings.filter(({ hour: at }) => at < 116)) {
    if (hour > from && hour < to) continue
    lamp.say({ device: 'it', at: `${hour}h`, values })
    for (let second = 30; second < 300; second += 30)
      if (hour > 113 && (hour + second / 3600 <= from || hour > to)) lamp.tick(`${hour * 3600 + second}s`, 30)
  }
  expect(lamp.emitted()).toEqual(expected)
})

test('any arrival order within 5 min and restarts give the same episodes', () => {
  const readings = nights(...days(4), [17, 30], usual, 'dark', usual, [18, 28], usual)
  const expected = spans(tested, readings)
  expect(expected).toHaveLength(3)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 290 }), { minLength: 40, maxLength: 40 }), (delays) => {
      const delay = (index: number) => delays[index % delays.length] ?? 0
      expect(spans(tested, readings, { delay, isDuplicated: (index) => index % 7 === 0 })).toEqual(expected)
    }),
    { numRuns: 30 },
  )
  expect(spans(tested, readings, { restarts: [300, 1356, 1640, 1700] })).toEqual(expected)
})

test('keeps what was learned when the device clock moves back by weeks', () => {
  const learned = nights(...days(30)).filter(({ hour }) => hour > 24 * 24)
  const after = nights(usual, [15.5, 30], usual)
  const delay = (index: number): number => (index < learned.length ? 0 : 30 * 24 * 3600)
  expect(spans(tested, [...learned, ...after], { delay })).toEqual(['39.5 39.5 66'])
})
