/** Alerts of two versions of a rule on the same entries, and their differences. */
import { describe, expect, test } from 'vitest'
import type { Journaled } from '../../model/entry.ts'
import type { Episode } from '../backtest/episodes.ts'
import { at, compiled, device, directoryOf, entryOf, ruleText, shipped } from '../testing/community.ts'
import { compare, createTrial } from './trial.ts'

const directory = directoryOf([device('b1', 'bin'), device('b2', 'bin')])
const hotter = (limit: number) =>
  compiled([ruleText({ condition: { predicate: { when: `temperature > ${limit}.0`, for: '5m' } } })])

const episode = (
  subject: string,
  raised: string,
  cleared: string | null,
  patch: Partial<Episode> = {},
): Episode => ({
  ...{ rule: 'r', ref: 'X1', device: subject, subject, place: { zh: subject, en: subject } },
  ...{ kind: 'maintenance', severity: 'low', reason: { zh: '', en: '' } },
  raisedAt: at(raised),
  clearedAt: cleared === null ? null : at(cleared),
  ...patch,
})
const subjects = ({ newest }: { newest: readonly { subject: string }[] }) =>
  newest.map(({ subject }) => subject)

test('lists when a rule that only completes work would begin', () => {
  const others = ['bin-full', 'bin-fills-up', 'bin-collection-late'] as const
  const trial = createTrial({ proposed: shipped('bin-emptied', ...others), current: undefined, directory })
  const levels = [0.1, 0.5, 0.1]
  levels.forEach((fillingLevel, index) => {
    const message = { device: 'b1', at: `${index}h`, values: { fillingLevel } }
    trial.apply({ ...entryOf(message, directory), seq: index + 1 } as Journaled)
  })
  expect(trial.result().proposed).toMatchObject({ count: 1, newest: [{ raisedAt: at('2h') }] })
})

test('evaluates both versions on the same entries and lists added and moved alerts', () => {
  const trial = createTrial({ proposed: hotter(40), current: hotter(60), directory })
  let seq = 0
  const report = (id: string, when: string, temperature: number): void => {
    seq += 1
    const entry = entryOf({ device: id, at: when, values: { temperature } }, directory)
    trial.apply({ ...entry, seq } as Journaled)
  }
  for (const [minute, first, second] of [
    [0, 50, 50],
    [4, 65, 50],
    [8, 65, 50],
    [12, 65, 20],
    [16, 20, 20],
  ] as const) {
    report('b1', `${minute}m`, first)
    report('b2', `${minute}m`, second)
  }
  const result = trial.result()
  expect(result).toMatchObject({ same: 0, failures: { count: 0, first: null } })
  expect(result.proposed.count).toBe(2)
  expect(subjects(result.current)).toEqual(['b1'])
  expect(subjects(result.added)).toEqual(['b2'])
  expect(result.removed).toEqual({ count: 0, newest: [] })
  expect(result.moved.newest).toMatchObject([
    { before: { raisedAt: at('9m') }, after: { subject: 'b1', raisedAt: at('5m'), clearedAt: at('16m') } },
  ])
})

describe('compare', () => {
  test('equal lists: nothing added, removed or moved', () => {
    const list = [episode('a', '1m', '3m'), episode('a', '5m', null), episode('b', '1m', null)]
    expect(compare(list, list)).toMatchObject({
      same: 3,
      added: { count: 0 },
      removed: { count: 0 },
      moved: { count: 0 },
    })
  })
  test('pairs only alerts of one subject, first those raised at the same time', () => {
    const before = [episode('a', '1m', '9m'), episode('a', '10m', '12m')]
    const after = [episode('a', '8m', '11m'), episode('a', '10m', '12m'), episode('b', '1m', '9m')]
    const found = compare(before, after)
    expect(found).toMatchObject({ same: 1, added: { count: 1 }, removed: { count: 0 } })
    expect(found.moved.newest).toMatchObject([
      { before: { raisedAt: at('1m') }, after: { raisedAt: at('8m') } },
    ])
  })
  test('an alert with another severity counts as moved', () => {
    const found = compare([episode('a', '1m', null)], [episode('a', '1m', null, { severity: 'high' })])
    expect(found).toMatchObject({ same: 0, moved: { count: 1 } })
  })
  test('returns the newest 200 and counts all', () => {
    const many = Array.from({ length: 1000 }, (_, index) =>
      episode('a', `${2 * index}m`, `${2 * index + 1}m`),
    )
    const { added } = compare([], many)
    expect([added.count, added.newest.length, added.newest[0]?.raisedAt]).toEqual([1000, 200, at('1998m')])
  })
})
