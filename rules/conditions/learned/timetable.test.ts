/** `timetable`: switched at another time than in the last days. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compiled, device, directoryOf, ruleText, type StoryMessage, story } from '../../testing/community.ts'
import { episodes, spans, type TestReading } from '../../testing/episodes.ts'

const condition = { timetable: { when: "powerState == 'on'", tolerance: '20m' } }
const tested = { type: 'streetlight', rule: { condition } }

/** Switched on and off in each night (hours of its day and of the next), a reading every five minutes. */
type Night = readonly [on: number, off: number] | 'dark'
function nights(...list: readonly Night[]): TestReading[] {
  const told: TestReading[] = []
  for (let index = 0; index < list.length * 288; index += 1) {
    const hour = index / 12
    const isOn = list.some(
      (night, day) => night !== 'dark' && hour >= day * 24 + night[0] && hour < day * 24 + night[1],
    )
    told.push({ hour, values: { powerState: isOn ? 'on' : 'off' } })
  }
  return told
}
const usual = [18, 30] as const
const days = (count: number, night: readonly [number, number] = usual): (readonly [number, number])[] =>
  Array.from({ length: count }, () => night)
const variantsOf = (told: readonly TestReading[]): unknown[] =>
  episodes(tested, told).map(({ evidence }) => evidence.minutes)

const fires: readonly (readonly [string, readonly TestReading[], readonly string[]])[] = [
  ['an hour early', nights(...days(4), [17, 30], ...days(2)), ['113 113 138']],
  ['off an hour early', nights(...days(4), [18, 29], ...days(2)), ['125 125 150']],
  ['off two hours late', nights(...days(4), [18, 32], ...days(2)), ['128 128 150']],
  [
    'not on, by the timer, until it is in time again',
    nights(...days(4), 'dark', ...days(2)),
    ['114 114.4167 138'],
  ],
  [
    'not on, the day after a dusk that nobody heard',
    nights(...days(5), 'dark', ...days(2)).filter(({ hour }) => hour < 112 || hour > 116),
    ['138.0833 138.5 162'],
  ],
  ['not off, three hours after the time', nights(...days(4), [18, 53.9], ...days(2)), ['126 129.0833 150']],
  [
    'on the fourth day of another timetable, five hours away',
    nights(...days(5), ...days(3, [13, 30]), [12, 30], ...days(2, [13, 30])),
    ['204 204 229'],
  ],
  ['late is first not on', nights(...days(4), [20, 30], ...days(2)), ['114 114.4167 138']],
]
const quiet: readonly (readonly [string, readonly TestReading[]])[] = [
  ['the same every night', nights(...days(8))],
  ['twenty minutes', nights(...days(4), [18 + 1 / 3, 30 - 1 / 3], ...days(2))],
  [
    'tests at the same hour of every day',
    nights(...days(8)).map(({ hour, values }) => ({
      hour,
      values: hour % 24 >= 10 && hour % 24 < 10.5 ? { powerState: 'on' } : values,
    })),
  ],
  ['two nights are no habit', nights(...days(2), [17, 30], usual)],
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
    'switched over a gap, nobody knows when',
    nights(...days(4), [19.5, 30], ...days(2)).filter(({ hour }) => hour < 112 || hour > 116),
  ],
]

describe('fires', () => {
  test.each(fires)('%s', (_, told, expected) => {
    expect(spans(tested, told)).toEqual(expected)
  })
  test('says by how much', () => {
    expect(variantsOf(nights(...days(4), [17, 30], usual))).toEqual([60])
  })
})
describe('stays quiet', () => {
  test.each(quiet)('%s', (_, told) => {
    expect(spans(tested, told)).toEqual([])
  })
})

test('a new timetable is usual after some days', () => {
  expect(spans(tested, nights(...days(5), ...days(7, [17, 30]), ...days(2, [17, 30])))).toEqual([
    '137 137 233',
  ])
})

test('the season moves it as fast as it likes, when it follows the sun', () => {
  // In March in Greenwich dusk comes 1.7 min later every day: after a fortnight out of work 24 min.
  const dusk = (day: number): number => 17.7 + (day * 1.7) / 60
  const list = Array.from({ length: 24 }, (_, day): Night => [dusk(day), 30])
  const told = nights(...list).filter(({ hour }) => hour < 7 * 24 + 12 || hour > 21 * 24 + 12)
  expect(spans(tested, told)).toEqual([])
})

describe('a circuit', () => {
  const lamps = ['l1', 'l2', 'l3', 'l4']
  const circuit = directoryOf(lamps.map((id) => device(id, 'streetlight', { circuit: 'c1' })))
  const rules = compiled([ruleText({ applies: { types: ['streetlight'], of: 'circuit' }, condition })])
  const told = (of: (lamp: number) => readonly Night[]) =>
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

  test('one alert for all of them', () => {
    expect(told(() => [...days(4), [17, 30], usual])).toEqual([
      `began tested@${113 * 3600}`,
      `ended tested@${138 * 3600}`,
    ])
  })
  test('a hub that hears it first in the middle of the night has not seen it switched on', () => {
    const first: Night = [0, 6]
    const list: Night[] = [first, ...days(4).map(([on, off]): Night => [on - 24, off - 24]), [-7, 6], usual]
    expect(told(() => list)[0]).toBe(`began tested@${113 * 3600}`)
  })
  test('one whose clock is 25 min behind, and that is heard as the second or as the last', () => {
    const said = nights(...days(8)).flatMap(({ hour, values }) => {
      const order = hour > 4 * 24 + 12 ? ['l1', 'l3', 'l4', 'l2'] : lamps
      return order.map((id): StoryMessage => {
        const heard = `${hour}h`
        return { device: id, at: id === 'l2' ? `${hour - 5 / 12}h` : heard, heard, values }
      })
    })
    expect(
      story(rules, circuit)
        .say(...said)
        .emitted(),
    ).toEqual([])
  })
  test('one lamp alone is another matter', () => {
    expect(told((lamp) => [...days(4), lamp === 0 ? [17, 30] : usual, usual])).toEqual([])
  })
})

test.each<[string, readonly [number, number], readonly string[]]>([
  ['over the usual time: what was switched meanwhile is not missed', [113.9, 114.45], []],
  ['but it stays dark', [113.9, 114.45], ['began tested@411900']],
])('the hub is away %s', (name, [from, to], expected) => {
  const dark = name.includes('dark')
  const rules = compiled([ruleText({ applies: { types: ['streetlight'] }, condition })])
  const lamp = story(rules, directoryOf([device('it', 'streetlight')]))
  const said = nights(...days(4), dark ? 'dark' : usual)
  for (const { hour, values } of said.filter(({ hour: at }) => at < 116)) {
    if (hour > from && hour < to) continue
    lamp.say({ device: 'it', at: `${hour}h`, values })
    for (let second = 30; second < 300; second += 30)
      if (hour > 113 && (hour + second / 3600 <= from || hour > to)) lamp.tick(`${hour * 3600 + second}s`, 30)
  }
  expect(lamp.emitted()).toEqual(expected)
})

test('any order within five minutes and restarts come to the same', () => {
  const told = nights(...days(4), [17, 30], usual, 'dark', usual, [18, 28], usual)
  const right = spans(tested, told)
  expect(right).toHaveLength(3)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 290 }), { minLength: 40, maxLength: 40 }), (delays) => {
      const delay = (index: number) => delays[index % delays.length] ?? 0
      expect(spans(tested, told, { delay, twice: (index) => index % 7 === 0 })).toEqual(right)
    }),
    { numRuns: 30 },
  )
  expect(spans(tested, told, { restarts: [300, 1356, 1640, 1700] })).toEqual(right)
})

test('a clock that is set back by weeks takes nothing away that was learned', () => {
  const learned = nights(...days(30)).filter(({ hour }) => hour > 24 * 24)
  const after = nights(usual, [15.5, 30], usual)
  const delay = (index: number): number => (index < learned.length ? 0 : 30 * 24 * 3600)
  expect(spans(tested, [...learned, ...after], { delay })).toEqual(['39.5 39.5 66'])
})
