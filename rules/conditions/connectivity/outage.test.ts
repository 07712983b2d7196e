/** `outage`: many devices of one gateway, circuit or site fall silent, in hub time. */
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

const report = (ids: readonly string[], at: string): StoryMessage[] =>
  ids.map((id) => ({ device: id, at, values: { powerState: 'on' } }))
const goOffline = (ids: readonly string[], at: string): StoryMessage[] =>
  ids.map((id) => ({ device: id, kind: 'status', at, values: { state: 'offline' } }))

interface Case {
  readonly name: string
  readonly messages: readonly (readonly StoryMessage[])[]
  readonly expected: readonly string[]
  readonly of?: 'gateway' | 'site'
  readonly until?: string
}

const fires: readonly Case[] = [
  {
    name: 'three Last Wills within five minutes',
    messages: [goOffline(['l1'], '2m'), goOffline(['l2'], '4m'), goOffline(['l3'], '7m')],
    expected: ['began tested@420'],
  },
  {
    name: 'silence is noticed after the limit, and is since the last word',
    messages: [report(lamps.slice(3), '9m')],
    until: '12m',
    expected: ['began tested@660'],
  },
  {
    name: 'a Last Will and two that are only silent',
    messages: [goOffline(['l0'], '2m'), report(lamps.slice(3), '9m')],
    until: '12m',
    expected: ['began tested@660'],
  },
  {
    name: 'ends when less than half of three are offline',
    messages: [goOffline(['l1', 'l2', 'l3'], '2m'), report(['l1'], '3m'), report(['l2'], '4m')],
    expected: ['began tested@120', 'ended tested@240'],
  },
  {
    name: 'a second one, after all were away for long and came back',
    messages: [report(lamps, '1m'), report(lamps, '60m')],
    until: '80m',
    expected: ['began tested@660', 'ended tested@3600', 'began tested@4200'],
  },
  {
    name: 'a site needs its share',
    of: 'site',
    messages: [goOffline(['l1', 'l2', 'l3'], '2m'), goOffline(['far'], '3m')],
    expected: ['began tested@180'],
  },
]
const quiet: readonly Case[] = [
  { name: 'two are two', messages: [goOffline(['l1', 'l2'], '2m')], expected: [] },
  {
    name: 'three over more than five minutes',
    messages: [goOffline(['l1'], '2m'), goOffline(['l2'], '4m'), goOffline(['l3'], '7m 1s')],
    expected: [],
  },
  {
    name: 'one that comes back in between is not off',
    messages: [goOffline(['l1', 'l2'], '2m'), report(['l1'], '3m'), goOffline(['l3'], '4m')],
    expected: [],
  },
  {
    name: 'the same one three times is one',
    messages: [
      goOffline(['l1'], '2m'),
      report(['l1'], '3m'),
      goOffline(['l1'], '4m'),
      goOffline(['l1'], '5m'),
    ],
    expected: [],
  },
  { name: 'all of another gateway', messages: [goOffline(['l1', 'l2', 'far'], '2m')], expected: [] },
  { name: 'all report', messages: [report(lamps, '9m')], until: '12m', expected: [] },
]

/** All report at 1 min; ticks until 9 min, before any silence is too long. */
const run = ({ messages, of, until = '9m' }: Case) =>
  messages
    .reduce(
      (run, batch) => run.tick(batch[0]?.at ?? '', 10).say(...batch),
      story(rules(of), directory)
        .tick('0s')
        .say(...report([...lamps, 'far'], '1m')),
    )
    .tick(until, 10)

describe('fires', () => {
  test.each(fires)('$name', (one) => {
    expect(run(one).emitted()).toEqual(one.expected)
  })
})
describe('stays quiet', () => {
  test.each(quiet)('$name', (one) => {
    expect(run(one).emitted()).toEqual(one.expected)
  })
})

test('a member that never reported is unknown, and old silence is not part of a new outage', () => {
  const end = story(rules(), directory).tick('0s').tick('40m', 60)
  expect(end.emitted()).toEqual([])
})

test('after a hub outage no member is missed before all could reconnect', () => {
  const afterOutage = () =>
    story(rules(), directory)
      .tick('0s')
      .say(...report(lamps, '1m'))
      .tick('2m')
      .tick('1h', 3500)
  expect(
    afterOutage()
      .say(...report(lamps, '61m'))
      .tick('70m', 10)
      .emitted(),
  ).toEqual([])
  const end = afterOutage().tick('70m', 10)
  expect(end.emitted()).toEqual(['began tested@660'])
  expect(end.findings[0]?.reason.en).toBe('10 of 10')
})

test('continues after a restart', () => {
  const first = createEngine({ rules: rules(), directory })
  const entries = [...report(lamps, '1m'), ...goOffline(['l1', 'l2'], '2m'), ...goOffline(['l3'], '3m')].map(
    (message, index) => ({ ...entryOf(message, directory), seq: index + 1 }),
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

test('a member that is back after a long silence has the limit of its own power supply', () => {
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
  const end = story(mixed, site).say(...doors.map((id) => ({ device: id, at: '1s' })))
  // One after the other falls silent: no incident.
  four.forEach((id, index) => {
    end.say({ device: id, at: `${index * 20 + 1}m` })
  })
  end.tick('3h', 30)
  end.say(...four.map((id) => ({ device: id, at: '3h' }))).tick('4h', 30)
  expect(end.emitted()).toEqual([`began tested@${3 * 3600 + 600}`])
})
