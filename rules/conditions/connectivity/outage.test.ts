/** `outage`: many devices of one gateway, circuit or site that are not heard any more, by the hub's own clock. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../engine/create-engine.ts'
import {
  compiled,
  device,
  directoryOf,
  entryOf,
  ruleText,
  type StoryMessage,
  story,
} from '../../testing/community.ts'

const lamps = Array.from({ length: 10 }, (_, index) => `l${index}`)
const directory = directoryOf([
  ...lamps.map((id) => device(id, 'streetlight', { gateway: 'g1' })),
  device('far', 'streetlight', { gateway: 'g2' }),
])
const rules = (of: 'gateway' | 'site' = 'gateway') =>
  compiled([
    ruleText({
      applies: { types: ['streetlight'], of },
      condition: { outage: { share: 0.3, count: 3, within: '5m', mains: '10m', battery: '25h' } },
      reason: { zh: '{out} / {of}', en: '{out} of {of}' },
    }),
  ])

const speak = (ids: readonly string[], at: string): StoryMessage[] =>
  ids.map((id) => ({ device: id, at, values: { powerState: 'on' } }))
const leave = (ids: readonly string[], at: string): StoryMessage[] =>
  ids.map((id) => ({ device: id, kind: 'status', at, values: { state: 'offline' } }))

interface Case {
  readonly name: string
  readonly said: readonly (readonly StoryMessage[])[]
  readonly told: readonly string[]
  readonly of?: 'gateway' | 'site'
  readonly until?: string
}

const fires: readonly Case[] = [
  {
    name: 'three Last Wills within five minutes',
    said: [leave(['l1'], '2m'), leave(['l2'], '4m'), leave(['l3'], '7m')],
    told: ['began tested@420'],
  },
  {
    name: 'silence is noticed after the limit, and is since the last word',
    said: [speak(lamps.slice(3), '9m')],
    until: '12m',
    told: ['began tested@660'],
  },
  {
    name: 'a Last Will and two that are only silent',
    said: [leave(['l0'], '2m'), speak(lamps.slice(3), '9m')],
    until: '12m',
    told: ['began tested@660'],
  },
  {
    name: 'over when less than half of three is still off',
    said: [leave(['l1', 'l2', 'l3'], '2m'), speak(['l1'], '3m'), speak(['l2'], '4m')],
    told: ['began tested@120', 'ended tested@240'],
  },
  {
    name: 'a second one, after all were away for long and came back',
    said: [speak(lamps, '1m'), speak(lamps, '60m')],
    until: '80m',
    told: ['began tested@660', 'ended tested@3600', 'began tested@4200'],
  },
  {
    name: 'a site needs its share',
    of: 'site',
    said: [leave(['l1', 'l2', 'l3'], '2m'), leave(['far'], '3m')],
    told: ['began tested@180'],
  },
]
const quiet: readonly Case[] = [
  { name: 'two are two', said: [leave(['l1', 'l2'], '2m')], told: [] },
  {
    name: 'three over more than five minutes',
    said: [leave(['l1'], '2m'), leave(['l2'], '4m'), leave(['l3'], '7m 1s')],
    told: [],
  },
  {
    name: 'one that comes back in between is not off',
    said: [leave(['l1', 'l2'], '2m'), speak(['l1'], '3m'), leave(['l3'], '4m')],
    told: [],
  },
  {
    name: 'the same one three times is one',
    said: [leave(['l1'], '2m'), speak(['l1'], '3m'), leave(['l1'], '4m'), leave(['l1'], '5m')],
    told: [],
  },
  { name: 'all of another gateway', said: [leave(['l1', 'l2', 'far'], '2m')], told: [] },
  { name: 'everybody speaks', said: [speak(lamps, '9m')], until: '12m', told: [] },
]

/** Everybody is heard at 1 min; the hub looks on until 9 min, when nobody is silent for too long yet. */
const tell = ({ said, of, until = '9m' }: Case) =>
  said
    .reduce(
      (told, together) => told.tick(together[0]?.at ?? '', 10).say(...together),
      story(rules(of), directory)
        .tick('0s')
        .say(...speak([...lamps, 'far'], '1m')),
    )
    .tick(until, 10)

describe('fires', () => {
  test.each(fires)('$name', (one) => {
    expect(tell(one).emitted()).toEqual(one.told)
  })
})
describe('stays quiet', () => {
  test.each(quiet)('$name', (one) => {
    expect(tell(one).emitted()).toEqual(one.told)
  })
})

test('one that never spoke is unknown, and silence of long ago is not the silence of now', () => {
  const told = story(rules(), directory).tick('0s').tick('40m', 60)
  expect(told.emitted()).toEqual([])
})

test('the hub was deaf: nobody is missed before all could come back', () => {
  const deaf = () =>
    story(rules(), directory)
      .tick('0s')
      .say(...speak(lamps, '1m'))
      .tick('2m')
      .tick('1h', 3500)
  expect(
    deaf()
      .say(...speak(lamps, '61m'))
      .tick('70m', 10)
      .emitted(),
  ).toEqual([])
  const told = deaf().tick('70m', 10)
  expect(told.emitted()).toEqual(['began tested@660'])
  expect(told.findings[0]?.reason.en).toBe('10 of 10')
})

test('goes on after a restart, with what it knew', () => {
  const first = createEngine({ rules: rules(), directory })
  const entries = [...speak(lamps, '1m'), ...leave(['l1', 'l2'], '2m'), ...leave(['l3'], '3m')].map(
    (said, index) => ({ ...entryOf(said, directory), seq: index + 1 }),
  )
  for (const entry of entries.slice(0, -1)) first.apply(entry)
  const rows = new Map<string, string>()
  for (const [key, text] of first.snapshot()) if (text !== null) rows.set(key, text)
  const second = createEngine({ rules: rules(), directory })
  second.restore(rows)
  const last = entries.at(-1)
  if (!last) throw new Error('no entry')
  expect(second.apply(last).map(({ change }) => change)).toEqual(['began'])
})

test('a member that was given up long ago and is back is waited for as long as its own kind, not as that of the others', () => {
  const four = ['l1', 'l2', 'l3', 'l4']
  const doors = Array.from({ length: 9 }, (_, index) => `d${index}`)
  const site = directoryOf([
    ...four.map((id) => device(id, 'streetlight')),
    ...doors.map((id) => device(id, 'door')),
  ])
  const mixed = compiled([
    ruleText({
      applies: { types: '*', of: 'site' },
      condition: { outage: { share: 0.3, count: 4, within: '5m', mains: '10m', battery: '25h' } },
    }),
  ])
  const told = story(mixed, site).say(...doors.map((id) => ({ device: id, at: '1s' })))
  // One after the other falls silent: no incident.
  four.forEach((id, index) => {
    told.say({ device: id, at: `${index * 20 + 1}m` })
  })
  told.tick('3h', 30)
  told.say(...four.map((id) => ({ device: id, at: '3h' }))).tick('4h', 30)
  expect(told.emitted()).toEqual([`began tested@${3 * 3600 + 600}`])
})
