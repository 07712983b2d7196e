/** Backtest: the engine over a log, folded into episodes. */
import { expect, test } from 'vitest'
import type { Condition } from '../conditions/condition.ts'
import {
  at,
  compiled,
  device,
  directoryOf,
  entryOf,
  ruleText,
  type StoryMessage,
  shipped,
} from '../testing/community.ts'
import { backtest } from './backtest.ts'

const directory = directoryOf([device('b1', 'bin'), device('b2', 'bin')])
const says = (id: string, hour: number, fillingLevel: number, receivedAt?: string): StoryMessage => ({
  device: id,
  at: `${hour}h`,
  receivedAt,
  values: { fillingLevel },
})
const run = (...messages: readonly StoryMessage[]) =>
  backtest({ rules: shipped('bin-full'), directory, entries: messages.map((one) => entryOf(one, directory)) })

test('episodes by raisedAt with their last severity, as an alert shows it; open ones have no end', () => {
  const { episodes } = run(
    says('b2', 1, 0.85),
    says('b1', 2, 0.9),
    says('b1', 3, 0.97),
    says('b1', 4, 0.82),
    says('b1', 5, 0.1),
  )
  expect(episodes).toMatchObject([
    {
      rule: 'bin-full',
      ref: 'B1',
      device: 'b2',
      place: { en: 'b2' },
      kind: 'sanitation',
      severity: 'low',
      raisedAt: at('1h'),
      clearedAt: null,
    },
    { device: 'b1', severity: 'low', raisedAt: at('2h'), clearedAt: at('5h') },
  ])
})

test('late data is taken in: moved times, and nothing of what never was', () => {
  const moved = run(says('b1', 2, 0.9), { ...says('b1', 0, 0.9), at: '1h 58m', receivedAt: '2h 1m' }).episodes
  expect(moved).toMatchObject([{ raisedAt: at('1h 58m') }])
  const retracted = run(says('b1', 1, 0.1), says('b1', 2, 0.7)).episodes
  expect(retracted).toEqual([])
})

test('what only completes work is no alert', () => {
  const rules = shipped('bin-emptied', 'bin-full', 'bin-fills-up', 'bin-collection-late')
  const entries = [says('b1', 1, 0.9), says('b1', 2, 0.2)].map((one) => entryOf(one, directory))
  expect(backtest({ rules, directory, entries }).episodes.map(({ rule }) => rule)).toEqual(['bin-full'])
})

test('the end of the log is the end: nothing is foretold', () => {
  const lamp = directoryOf([device('l1', 'streetlight')])
  const entries = [entryOf({ device: 'l1', at: '0m', values: { powerState: 'on' } }, lamp)]
  expect(backtest({ rules: shipped('device-offline'), directory: lamp, entries }).episodes).toEqual([])
})

test('what was due when the last entry came, and would be told with a next one, is not told either', () => {
  const tilted = (second: string, receivedAt: string) =>
    entryOf(
      { device: 'b1', at: second, receivedAt, values: { position: 'tilt', fillingLevel: 0.3 } },
      directory,
    )
  const entries = [tilted('0s', '0s'), tilted('1m', '5m')]
  const rules = shipped('bin-tipped')
  expect(backtest({ rules, directory, entries }).episodes).toEqual([])
  const next = entryOf({ device: 'b2', at: '6m', values: { fillingLevel: 0.3 } }, directory)
  const told = backtest({ rules, directory, entries: [...entries, next] }).episodes
  expect(told.map(({ rule }) => rule)).toEqual(['bin-tipped'])
})

test('a rule that throws at a timer is counted, and the log goes on', () => {
  const rules = compiled([ruleText({ condition: { predicate: { when: 'fillingLevel > 0.5', for: '1m' } } })])
  let now = 0
  const list = rules.list.map((rule) => {
    const { condition } = rule
    const due: Condition['due'] = (...of) => {
      if (now > 0) throw new Error('no time to tell')
      return condition.due(...of)
    }
    return { ...rule, condition: { ...condition, due } }
  })
  function* entries() {
    yield entryOf(says('b1', 1, 0.9), directory)
    yield entryOf({ ...says('b2', 1, 0.1), at: '1h 1s' }, directory)
    now = 1
    yield entryOf(says('b2', 2, 0.1), directory)
  }
  const sizes = { minDevices: 1, maxGroup: 9, batch: 2 }
  const { stats } = backtest({ rules: { ...rules, list }, directory, entries: entries() }, sizes)
  expect(stats).toMatchObject({ entries: 3, failures: [{ message: 'no time to tell' }] })
})

test('a log that is not sorted comes to an end', () => {
  const rules = compiled([ruleText({ condition: { predicate: { when: 'fillingLevel > 0.5', for: '1m' } } })])
  const late = [says('b2', 0, 0.1), says('b2', 0, 0.2), says('b2', 0, 0.3)]
  const log = [says('b1', 1, 0.9), says('b1', 3, 0.9), ...late].map((one) => entryOf(one, directory))
  const sizes = { minDevices: 1, maxGroup: 9, batch: 9 }
  const { episodes, stats } = backtest({ rules, directory, entries: log }, sizes)
  expect([episodes.length, stats.entries]).toEqual([1, 5])
})
