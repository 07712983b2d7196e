/** Rules written before keys were renamed: still read, reported, and unchanged to the engine. */
import { describe, expect, test } from 'vitest'
import { formatProblem } from '../../model/errors.ts'
import { compileRules } from '../compile/compile-rules.ts'

const former = `id: hot-bin
ref: X1
title: { zh: 热, en: Hot }
kind: safety
severity: high
source: test
applies: { types: [bin] }
parameters: { limit: 60, memory: 2h }
signals:
  calm: { steady: { field: temperature, by: 5, within: 10m } }
  warm: { latch: { set: temperature > limit, reset: temperature < 40.0, hold: 1h } }
condition:
  all:
    of:
      - predicate: { when: warm && calm, for: 5m, hold: $memory }
      - not: { count: { when: temperature > 90.0, times: 3, within: 10m, hold: 1h } }
holds: [device-offline]
reason: { zh: 热, en: Hot }
`
const current = former
  .replace('steady:', 'stable:')
  .replace('holds:', 'inhibits:')
  .replaceAll('hold:', 'maxAge:')

const compile = (text: string) =>
  compileRules([{ source: 'hot.yaml', text }], undefined, new Set(['device-offline']))
const compiledRule = (text: string) => {
  const result = compile(text)
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'))
  return result.rules.list[0]
}
const problemsOf = (text: string): string[] => {
  const result = compile(text)
  return result.ok ? [] : result.problems.map(formatProblem)
}
const deprecationsOf = (text: string): string[] => {
  const result = compile(text)
  return result.ok ? result.deprecations.map(formatProblem) : []
}

describe('a rule with former keys', () => {
  test('is compiled like one with the present keys', () => {
    for (const text of [former, current])
      expect(compiledRule(text)).toMatchObject({ inhibits: ['device-offline'], shortestMaxAge: 3_600_000 })
  })

  test('is reported with the line, the path and the new key', () => {
    expect(deprecationsOf(former)).toEqual([
      'hot.yaml:10:11 signals.calm.steady: steady is deprecated: write stable',
      'hot.yaml:11:73 signals.warm.latch.hold: hold is deprecated: write maxAge',
      'hot.yaml:15:51 condition.all.of[0].predicate.hold: hold is deprecated: write maxAge',
      'hot.yaml:16:74 condition.all.of[1].not.count.hold: hold is deprecated: write maxAge',
      'hot.yaml:17:1 holds: holds is deprecated: write inhibits',
    ])
    expect(deprecationsOf(current)).toEqual([])
  })

  test.each([
    [
      'stay',
      { here: 'occupancy', holds: 'occupancy', elsewhere: 'occupancy', room: 'occupancy', pause: '10m' },
    ],
    ['notBack', { leaves: 'occupancy', back: 'occupancy', still: 'between(22, 6)' }],
  ])('renames the option of %s', (kind, options) => {
    const text = former
      .replace(
        /condition:[\s\S]*holds/,
        `condition: ${JSON.stringify({ [kind]: { ...options, for: '1h' } })}\nholds`,
      )
      .replace('[bin]', '[motion], of: home')
      .replace(/parameters[\s\S]*condition/, 'condition')
    expect(problemsOf(text)).toEqual([])
    expect(deprecationsOf(text)).toHaveLength(2)
  })

  test('points to the key as written when its value is wrong', () => {
    expect(problemsOf(former.replace('hold: $memory', 'hold: 1s'))).toEqual([
      expect.stringMatching(/^hot\.yaml:15:51 condition\.all\.of\[0\]\.predicate\.hold: must be at least 1m/),
    ])
    expect(problemsOf(former.replace('field: temperature', 'field: position'))).toEqual([
      expect.stringMatching(/^hot\.yaml:10:21 signals\.calm\.steady\.field: position is not a number field/),
    ])
  })
})

test('refuses both spellings of a key at once', () => {
  expect(problemsOf(former.replace('hold: 1h }', 'hold: 1h, maxAge: 1h }'))).toContainEqual(
    'hot.yaml:11:73 signals.warm.latch.hold: hold is the former name of maxAge: remove it',
  )
  expect(problemsOf(`${former}inhibits: [device-offline]\n`)).toEqual([
    'hot.yaml:17:1 holds: holds is the former name of inhibits: remove it',
  ])
})

test('parameters and signals may be named like a former key', () => {
  const text = current.replace('memory', 'hold').replace('$memory', '$hold').replaceAll('calm', 'steady')
  expect(problemsOf(text)).toEqual([])
  expect(deprecationsOf(text)).toEqual([])
})

test('the fingerprint is that of before the renames: a snapshot written then does not see a changed rule', () => {
  for (const text of [former, current])
    expect(compiledRule(text)).toMatchObject({
      fingerprint: 'vXsZUDaL5aESgrhh',
      stateShape: 'all(predicate,not(count))',
    })
})
