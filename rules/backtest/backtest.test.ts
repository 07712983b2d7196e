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
const reading = (id: string, hour: number, fillingLevel: number, receivedAt?: string): StoryMessage => ({
  device: id,
  at: `${hour}h`,
  receivedAt,
  values: { fillingLevel },
})
const run = (...messages: readonly StoryMessage[]) =>
  backtest({ rules: shipped('bin-full'), directory, entries: messages.map((one) => entryOf(one, directory)) })

test('sorts episodes by raisedAt, with their last severity; open ones have no end', () => {
  const { episodes } = run(
    reading('b2', 1, 0.85),
    reading('b1', 2, 0.9),
    reading('b1', 3, 0.97),
    reading('b1', 4, 0.82),
    reading('b1', 5, 0.1),
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

test('applies late data: moves times and drops retracted episodes', () => {
  const moved = run(reading('b1', 2, 0.9), {
    ...reading('b1', 0, 0.9),
    at: '1h 58m',
    receivedAt: '2h 1m',
  }).episodes
  expect(moved).toMatchObject([{ raisedAt: at('1h 58m') }])
  const retracted = run(reading('b1', 1, 0.1), reading('b1', 2, 0.7)).episodes
  expect(retracted).toEqual([])
})

test('a rule that only completes work gives no episode', () => {
  const rules = shipped('bin-emptied', 'bin-full', 'bin-fills-up', 'bin-collection-late')
  const entries = [reading('b1', 1, 0.9), reading('b1', 2, 0.2)].map((one) => entryOf(one, directory))
  expect(backtest({ rules, directory, entries }).episodes.map(({ rule }) => rule)).toEqual(['bin-full'])
})

test('evaluates nothing after the last entry', () => {
  const lamp = directoryOf([device('l1', 'streetlight')])
  const entries = [entryOf({ device: 'l1', at: '0m', values: { powerState: 'on' } }, lamp)]
  expect(backtest({ rules: shipped('device-offline'), directory: lamp, entries }).episodes).toEqual([])
})

test('what was due when the last entry came, and would be result with a next one, is not result either', () => {
  const tilted = (second: string, receivedAt: string) =>
    entryOf(
      { device: 'b1', at: second, receivedAt, values: { position: 'tilt', fillingLevel: 0.3 } },
      directory,
    )
  const entries = [tilted('0s', '0s'), tilted('1m', '5m')]
  const rules = shipped('bin-tipped')
  expect(backtest({ rules, directory, entries }).episodes).toEqual([])
  const next = entryOf({ device: 'b2', at: '6m', values: { fillingLevel: 0.3 } }, directory)
  const result = backtest({ rules, directory, entries: [...entries, next] }).episodes
  expect(result.map(({ rule }) => rule)).toEqual(['bin-tipped'])
})

test('counts a rule that throws at a timer and continues', () => {
  const rules = compiled([ruleText({ condition: { predicate: { when: 'fillingLevel > 0.5', for: '1m' } } })])
  let now = 0
  const list = rules.list.map((rule) => {
    const { condition } = rule
    const due: Condition['due'] = (...of) => {
      if (now > 0) throw new Error('timer failed')
      return condition.due(...of)
    }
    return { ...rule, condition: { ...condition, due } }
  })
  function* entries() {
    yield entryOf(reading('b1', 1, 0.9), directory)
    yield entryOf({ ...reading('b2', 1, 0.1), at: '1h 1s' }, directory)
    now = 1
    yield entryOf(reading('b2', 2, 0.1), directory)
  }
  const sizes = { minDevices: 1, maxGroup: 9, batch: 2 }
  const { stats } = backtest({ rules: { ...rules, list }, directory, entries: entries() }, sizes)
  expect(stats).toMatchObject({ entries: 3, failures: [{ message: 'timer failed' }] })
})

test('ends on an unsorted log', () => {
  const rules = compiled([ruleText({ condition: { predicate: { when: 'fillingLevel > 0.5', for: '1m' } } })])
  const late = [reading('b2', 0, 0.1), reading('b2', 0, 0.2), reading('b2', 0, 0.3)]
  const log = [reading('b1', 1, 0.9), reading('b1', 3, 0.9), ...late].map((one) => entryOf(one, directory))
  const sizes = { minDevices: 1, maxGroup: 9, batch: 9 }
  const { episodes, stats } = backtest({ rules, directory, entries: log }, sizes)
  expect([episodes.length, stats.entries]).toEqual([1, 5])
})
