/** A gateway that was away sends what it kept: its first old message proves no silence after it. */
import { describe, expect, test } from 'vitest'
import {
  compiled,
  device,
  directoryOf,
  entryOf,
  midnight,
  ruleText,
  type StoryMessage,
  story,
} from '../testing/community.ts'
import { createEngine } from './engine.ts'

const home = directoryOf([device('front', 'door', { home: 'h1', meta: { role: 'entrance' } })])
const rules = compiled([
  ruleText({
    applies: { types: ['door'], of: 'home' },
    condition: { absence: { evidence: '!contact', for: '12h', alive: '6h' } },
  }),
])
const contact = (at: string, open: boolean, receivedAt?: string): StoryMessage => ({
  device: 'front',
  at,
  values: { contact: !open },
  ...(receivedAt !== undefined && { receivedAt }),
})

/** Opened at 10:00, heard until noon, then 14 hours of nothing: too long for a living sensor. */
const before = [contact('10h', true), contact('10h 1m', false), contact('12h', false)]

describe('readings buffered during an outage', () => {
  test('a door opening in the backlog prevents the alarm, although the message before it is old enough', () => {
    const told = story(rules, home)
      .say(...before)
      .tick('26h', 60)
      .say(
        contact('13h 30m', false, '26h'),
        contact('24h', true, '26h 20s'),
        contact('24h 1m', false, '26h 21s'),
      )
      .tick('35h', 60)
      .emitted()
    expect(told).toEqual([])
  })

  test('without a door opening in the backlog the alarm is raised a few minutes later, with its own time', () => {
    const end = story(rules, home)
      .say(...before)
      .tick('26h', 60)
      .say(contact('13h 30m', false, '26h'), contact('25h 59m', false, '26h 20s'))
      .tick('26h 4m', 10)
    expect(end.emitted()).toEqual([])
    end.tick('26h 6m', 10)
    expect(end.emitted()).toEqual([`began tested@${22 * 3600}`])
  })

  test('a door opening in the backlog that arrives after live readings retracts the alarm', () => {
    const inside = device('inside', 'motion', { home: 'h1' })
    const both = directoryOf([...home.devices(), inside])
    const watched = compiled([
      ruleText({
        applies: { types: ['door', 'motion'], of: 'home' },
        condition: {
          absence: {
            watch: "orElse(meta.role, 'movement') == 'entrance'",
            evidence: '!contact',
            for: '12h',
            alive: '25h',
          },
        },
      }),
    ])
    const told = story(watched, both)
      .say(...before)
      .tick('26h', 60)
      .say(
        { device: 'inside', at: '26h 5s', values: { occupancy: false } },
        contact('13h', true, '26h 10s'),
        contact('13h 1m', false, '26h 11s'),
      )
      .emitted()
    expect(told).toEqual([`began tested@${22 * 3600}`, `retracted tested@${22 * 3600}`])
  })

  test('does not wait for a device whose clock is always behind', () => {
    const slow = story(rules, home).say(contact('10h', true, '10h 20m'), contact('10h 1m', false, '10h 21m'))
    for (let hour = 11; hour < 22; hour++) slow.say(contact(`${hour}h`, false, `${hour}h 20m`))
    slow.tick('22h 1m', 10)
    expect(slow.emitted()).toEqual([`began tested@${22 * 3600}`])
  })

  test('keeps waiting over a restart of the hub', () => {
    const first = story(rules, home)
      .say(...before)
      .tick('26h', 60)
      .say(contact('13h 30m', false, '26h'))
    const second = createEngine({ rules, directory: home })
    second.restore(
      new Map([...first.engine.snapshot()].flatMap(([key, row]) => (row === null ? [] : [[key, row]]))),
    )
    const tick = (minute: number) =>
      ({ kind: 'tick', receivedAt: midnight + (26 * 60 + minute) * 60_000 }) as const
    expect(second.apply({ ...tick(1), seq: 100_000 })).toEqual([])
    const opened = entryOf(contact('24h', true, '26h 2m'), home)
    expect(second.apply({ ...opened, seq: 100_001 })).toEqual([])
    expect(second.apply({ ...tick(9), seq: 100_002 })).toEqual([])
  })
})
