/** Static facts that a device tells itself, where the registry says nothing, decide which rules are about it. */
import { describe, expect, test } from 'vitest'
import type { Entry, Journaled } from '../../model/entry.ts'
import type { RuleSource } from '../schema/rule-file.ts'
import {
  at,
  compiled,
  device,
  directoryOf,
  entryOf,
  ruleText,
  type StoryMessage,
  shipped,
  story,
} from '../testing/community.ts'
import { createEngine, type Engine } from './engine.ts'

const door = device('front', 'door', { home: 'h1' })
const directory = directoryOf([door, device('hall', 'motion', { home: 'h1' })])
const isEntrance: StoryMessage = { device: 'front', at: '1m', kind: 'meta', values: { role: 'entrance' } }
const opened: StoryMessage = { device: 'front', at: '2m', values: { contact: false } }

test('a rule about entrances applies to a door that reports to be one', () => {
  const home = story(shipped('no-entrance-opening', 'entrance-left-open'), directory)
  home.tick('50s', 50).say(isEntrance).tick('1m 30s', 10).say(opened)
  for (let hour = 1; hour < 50; hour += 1)
    home.tick(`${hour}h`, 50).say({ device: 'front', at: `${hour}h`, values: { batteryLevel: 0.5 } })
  expect(home.findings.map(({ rule, change }) => `${change} ${rule}`)).toContain('began no-entrance-opening')
  expect(home.findings.map(({ rule, change }) => `${change} ${rule}`)).toContain('began entrance-left-open')
})

test('the registry overrides reported facts', () => {
  const home = story(
    shipped('entrance-left-open'),
    directoryOf([device('front', 'door', { home: 'h1', meta: { role: 'cabinet' } })]),
  )
  home.say(isEntrance).tick('1m 30s', 10).say(opened).tick('2h', 50)
  expect(home.emitted()).toEqual([])
})

test('and is so after a restart: an open alert goes on', () => {
  const rules = shipped('no-entrance-opening')
  const before = story(rules, directory)
  before.say(isEntrance, opened)
  for (let hour = 1; hour < 50; hour += 1)
    before.tick(`${hour}h`, 50).say({ device: 'front', at: `${hour}h`, values: { batteryLevel: 0.5 } })
  expect(before.findings).toHaveLength(1)
  const after = createEngine({ rules, directory })
  after.restore(
    new Map([...before.engine.snapshot()].flatMap(([key, row]) => (row === null ? [] : [[key, row]]))),
  )
  let seq = 1_000_000
  const apply = (engine: Engine, entry: Entry) => {
    seq += 1
    return engine.apply({ ...entry, seq } as Journaled)
  }
  expect(apply(after, { kind: 'tick', receivedAt: at('50h') })).toEqual([])
  const found = apply(after, entryOf({ device: 'front', at: '50h 1m', values: { contact: true } }, directory))
  expect(found.map(({ change, rule }) => `${change} ${rule}`)).toEqual(['ended no-entrance-opening'])
})

test('facts reported by thousands of devices do not affect a rule that only counts them', () => {
  const site = directoryOf(Array.from({ length: 10 }, (_, n) => device(`l${n}`, 'streetlight')))
  const lamps = story(shipped('mass-offline-site', 'lamp-dark'), site).tick('1m')
  for (const { id } of site.devices()) lamps.say({ device: id, at: '1m' })
  lamps.engine.snapshot()
  lamps.say({ device: 'l1', at: '2m', kind: 'meta', values: { powerRating: 60 } }).tick('2m 5s')
  const written = [...lamps.engine.snapshot().keys()]
  expect(written).toContain('d:l1')
  expect(written).not.toContain('s:north')
})

describe('they affect a rule that reads them', () => {
  const outage = { outage: { share: 0.5, count: 2, within: '5m', mains: '10m', battery: '25h' } }
  const applies = { types: ['streetlight'], of: 'site' }
  const strong = ruleText({ id: 'strong', applies, where: 'meta.powerRating > 100.0', condition: outage })
  const any = { ...ruleText({ id: 'any', applies, condition: outage }), source: 'any.yaml' }
  const site = directoryOf(['l1', 'l2', 'l3'].map((id) => device(id, 'streetlight')))

  /** What each tells in turn, then two of them leave. */
  function told(rules: readonly RuleSource[], ...powers: readonly Readonly<Record<string, number>>[]) {
    const lamps = story(compiled(rules), site).tick('1m')
    powers.forEach((some, turn) => {
      for (const [id, powerRating] of Object.entries(some))
        lamps.say({ device: id, at: `${turn + 1}m`, kind: 'meta', values: { powerRating } })
      lamps.tick(`${turn + 2}m`)
    })
    for (const id of ['l2', 'l3'])
      lamps.say({ device: id, at: '9m', kind: 'status', values: { state: 'offline' } })
    return lamps.findings.map(({ rule, devices }) => `${rule} ${devices?.join(' ')}`)
  }

  test('it selects other devices from then on', () => {
    expect(told([strong], { l1: 150, l2: 150, l3: 60 }, { l1: 60, l3: 150 })).toEqual(['strong l2 l3'])
  })
  test('it selects no device any more, and its timeline goes away', () => {
    const all = (power: number) => ({ l1: power, l2: power, l3: power })
    expect(told([strong, any], all(150))).toEqual(['any l1 l2 l3', 'strong l1 l2 l3'])
    expect(told([strong, any], all(150), all(60))).toEqual(['any l1 l2 l3'])
  })
})
