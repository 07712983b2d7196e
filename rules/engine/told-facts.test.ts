/** Static facts that a device tells itself, where the registry says nothing, decide which rules are about it. */
import { expect, test } from 'vitest'
import type { Entry, Journaled } from '../../model/entry.ts'
import { createEngine, type Engine } from '../engine.ts'
import { at, device, directoryOf, entryOf, type Said, shipped, story } from '../testing/community.ts'

const door = device('front', 'door', { home: 'h1' })
const directory = directoryOf([door, device('hall', 'motion', { home: 'h1' })])
const isEntrance: Said = { device: 'front', at: '1m', kind: 'meta', values: { role: 'entrance' } }
const opened: Said = { device: 'front', at: '2m', values: { contact: false } }

test('a rule about entrances is about a door that says that it is one', () => {
  const home = story(shipped('no-entrance-opening', 'entrance-left-open'), directory)
  home.tick('50s', 50).say(isEntrance).tick('1m 30s', 10).say(opened)
  for (let hour = 1; hour < 50; hour += 1)
    home.tick(`${hour}h`, 50).say({ device: 'front', at: `${hour}h`, values: { batteryLevel: 0.5 } })
  expect(home.findings.map(({ rule, change }) => `${change} ${rule}`)).toContain('began no-entrance-opening')
  expect(home.findings.map(({ rule, change }) => `${change} ${rule}`)).toContain('began entrance-left-open')
})

test('the registry is right where it says something', () => {
  const home = story(
    shipped('entrance-left-open'),
    directoryOf([device('front', 'door', { home: 'h1', meta: { role: 'cabinet' } })]),
  )
  home.say(isEntrance).tick('1m 30s', 10).say(opened).tick('2h', 50)
  expect(home.told()).toEqual([])
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
