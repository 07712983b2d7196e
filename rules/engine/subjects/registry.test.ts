/** Which rules watch which devices together. */
import { expect, test } from 'vitest'
import { compiled, device, directoryOf, ruleText } from '../../testing/community.ts'
import { planTimelines } from './registry.ts'

const rule = (id: string, types: readonly string[], more: object = {}) => ({
  ...ruleText({
    id,
    applies: { types, of: 'circuit' },
    condition: { together: { when: 'rssi < -100.0', count: 2, within: '1m' } },
    ...more,
  }),
  source: `${id}.yaml`,
})
const lamp = (id: string, circuit: string | null = 'c1') => device(id, 'streetlight', { circuit })
const devices = [lamp('l1'), lamp('l2'), device('cabinet', 'cabinet', { circuit: 'c1' }), lamp('alone', null)]
const groups = (...rules: ReturnType<typeof rule>[]) =>
  planTimelines(compiled(rules), directoryOf(devices))
    .filter(({ key }) => !key.startsWith('d:'))
    .map((plan) => [
      plan.key,
      plan.devices.map(({ id }) => id).join(' '),
      plan.rules.map(({ id }) => id).join(' '),
    ])

test('rules about the same members share a timeline, others have their own', () => {
  expect(
    groups(
      rule('dark', ['streetlight']),
      rule('silent', ['streetlight']),
      rule('weak', ['streetlight', 'cabinet']),
    ),
  ).toEqual([
    ['c:c1', 'l1 l2', 'dark silent'],
    ['c:c1:weak', 'l1 l2 cabinet', 'weak'],
    ['c:=alone', 'alone', 'dark silent weak'],
  ])
})

test('a rule that selects its members does not count the others', () => {
  expect(groups(rule('some', ['cabinet'], { where: 'meta.lamps > 0.0' }))).toEqual([])
  expect(groups(rule('all', ['cabinet']))).toEqual([['c:c1', 'cabinet', 'all']])
})
