/** A rule about a group keeps its state and its open alert when other rules or other devices give it another timeline. */
import { describe, expect, test } from 'vitest'
import {
  compiled,
  device,
  directoryOf,
  entryOf,
  ruleText,
  type Story,
  type StoryMessage,
  story,
} from '../../testing/community.ts'
import { createEngine } from '../engine.ts'

const lamp = (id: string) => device(id, 'streetlight', { circuit: 'c1' })
const lamps = [lamp('l1'), lamp('l2')]
const cabinet = device('box', 'cabinet', { circuit: 'c1' })

function rule(letter: string, types: readonly string[]) {
  const id = `rule-${letter}`
  const condition = { together: { when: 'rssi < -100.0', count: 2, within: '10m' } }
  return { ...ruleText({ id, applies: { types, of: 'circuit' }, condition }), source: `${id}.yaml` }
}
const about =
  (...types: readonly string[]) =>
  (...ids: readonly string[]) =>
    ids.map((letter) => rule(letter, types))
const ofLamps = about('streetlight')
const ofAll = about('streetlight', 'cabinet')

const says = (id: string, minute: number, rssi: number): StoryMessage => ({
  device: id,
  at: `${minute}m`,
  values: { rssi },
})
const goesBad = [says('l1', 1, -110), says('l2', 2, -110)]
const isGood = [says('l1', 5, -50), says('l2', 5, -50)]

describe('other rules', () => {
  type Rules = ReturnType<typeof ofLamps>
  test.each<[string, Rules, Rules]>([
    [
      'the first rule of the smaller circle is off',
      [...ofLamps('a', 'b', 'c'), ...ofAll('x', 'y')],
      [...ofLamps('a', 'b', 'c'), ...ofAll('y')],
    ],
    [
      'the larger circle is the smaller one now',
      [...ofLamps('a', 'b', 'c'), ...ofAll('x', 'y')],
      [...ofLamps('a'), ...ofAll('x', 'y')],
    ],
    ['a rule about others is new', [...ofLamps('a')], [...ofLamps('a'), ...ofAll('x', 'y')]],
    ['the larger circle is gone', [...ofLamps('a', 'b'), ...ofAll('x')], [...ofAll('x')]],
  ])('%s: the open alerts of the others go on, also over a restart', (_, former, rules) => {
    const directory = directoryOf([...lamps, cabinet])
    const before = story(compiled(former), directory).say(...goesBad)
    expect(before.findings.map(({ change }) => change)).toEqual(former.map(() => 'began'))
    const rows = before.engine.snapshot() as Map<string, string>
    for (let restart = 0; restart < 2; restart++) {
      const engine = createEngine({ rules: compiled(rules), directory })
      engine.restore(rows)
      for (const [key, row] of engine.snapshot()) {
        if (row === null) rows.delete(key)
        else rows.set(key, row)
      }
    }
    const after = createEngine({ rules: compiled(rules), directory })
    after.restore(rows)
    const hear = (said: StoryMessage, seq: number) => after.apply({ ...entryOf(said, directory), seq })
    const left = new Set(rules.map(({ source }) => source))
    const removed = former.filter(({ source }) => !left.has(source))
    const first = hear(says('l1', 3, -110), 900)
    expect(
      first.map(({ change, rule }) => `${change} ${rule}.yaml`).filter((word) => word.startsWith('ended')),
    ).toEqual(removed.map(({ source }) => `ended ${source}`))
    const ended = isGood.flatMap((said, index) => hear(said, 901 + index))
    const opened = new Map(before.findings.map(({ rule, episode }) => [rule, episode]))
    const goneOn = ended.filter(({ episode, rule }) => opened.get(rule) === episode)
    expect(goneOn.map(({ rule }) => `${rule}.yaml`).sort()).toEqual(
      former.flatMap(({ source }) => (left.has(source) ? [source] : [])).sort(),
    )
  })
})

/** Rules whose alerts ended after the first three had begun. */
const endedOf = ({ findings }: Story) =>
  new Set(findings.slice(3).flatMap(({ change, rule }) => (change === 'ended' ? [rule] : [])))

describe('other devices while the hub runs', () => {
  const rules = compiled([...ofLamps('a', 'b'), ...ofAll('x')])

  test('a cabinet is added, reports and is removed: rules about lamps and cabinets continue, each evaluated once', () => {
    const directory = directoryOf(lamps)
    const told = story(rules, directory).say(...goesBad)
    expect(told.findings).toHaveLength(3)
    directory.set([...lamps, cabinet])
    told.say(says('box', 3, -110), says('l1', 3, -110))
    directory.set(lamps)
    told.tick('3m 10s').say(says('l1', 4, -110))
    expect(told.findings).toHaveLength(3)
    told.say(...isGood)
    expect(endedOf(told)).toEqual(new Set(['rule-a', 'rule-b', 'rule-x']))
    expect(told.findings).toHaveLength(6)
    expect(new Set(told.findings.map(({ episode }) => episode)).size).toBe(3)
    expect(told.engine.stats().timelines).toBe(3)
  })

  test('all devices of a circuit are removed: open episodes end once', () => {
    const directory = directoryOf([...lamps, cabinet])
    const told = story(rules, directory).say(...goesBad)
    directory.set([device('other', 'bin')])
    told.tick('3m')
    expect(endedOf(told)).toEqual(new Set(['rule-a', 'rule-b', 'rule-x']))
    expect(told.findings).toHaveLength(6)
  })
})
