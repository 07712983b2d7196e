/** Backtest: the engine over a log, folded into episodes. */
import { expect, test } from 'vitest'
import { backtest } from './backtest.ts'
import { at, device, directoryOf, entryOf, type Said, shipped } from './testing/community.ts'

const directory = directoryOf([device('b1', 'bin'), device('b2', 'bin')])
const says = (id: string, hour: number, fillingLevel: number, heard?: string): Said => ({
  device: id,
  at: `${hour}h`,
  heard,
  values: { fillingLevel },
})
const run = (...said: readonly Said[]) =>
  backtest({ rules: shipped('bin-full'), directory, entries: said.map((one) => entryOf(one, directory)) })

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
  const moved = run(says('b1', 2, 0.9), { ...says('b1', 0, 0.9), at: '1h 58m', heard: '2h 1m' }).episodes
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
