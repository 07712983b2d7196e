/** Rule files: which are accepted, and that every problem of every file is returned with its place. */
import { describe, expect, test } from 'vitest'
import { formatProblem } from '../../model/errors.ts'
import { libraryFolder, readRuleFolder } from '../library/read.ts'
import { ruleText } from '../testing/community.ts'
import { compileRules } from './compile-rules.ts'

const good = `id: hot-bin
ref: X1
title: { zh: 热, en: Hot }
kind: safety
severity: high
source: test
applies: { types: [bin] }
parameters:
  limit: 60
  wait: 90s
condition:
  predicate:
    when: temperature > limit
    for: $wait
reason: { zh: 热, en: Hot }
`
const compile = (text: string) => compileRules([{ source: 'hot.yaml', text }])
const problemsOf = (text: string): string[] => {
  const result = compile(text)
  return result.ok ? [] : result.problems.map(formatProblem)
}

test('the shipped library compiles and contains the rules of the first delivery', () => {
  const result = compileRules(readRuleFolder(libraryFolder))
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([])
  const first = ['B1', 'B4', 'D1', 'D2', 'E1', 'E3', 'E5', 'H1', 'H10', 'H9', 'L2', 'L4']
  expect(result.ok && result.rules.list.map(({ ref }) => ref)).toEqual(expect.arrayContaining(first))
})

test('a valid file', () => {
  expect(problemsOf(good)).toEqual([])
})

describe('refused with its place', () => {
  test.each([
    ['no YAML', good.replace('types: [bin] }', 'types: [bin'), /hot\.yaml:\d+:\d+/],
    ['an unknown key', `${good}colour: red\n`, /hot\.yaml:16:\d+ colour: /],
    [
      'an unknown type',
      good.replace('[bin]', '[bin, spaceship]'),
      /:7:\d+ applies\.types\[1\]: there is no device type spaceship/,
    ],
    [
      'an unknown field',
      good.replace('temperature >', 'temprature >'),
      /:13:5 condition\.predicate\.when: .*temprature/,
    ],
    ['a type error', good.replace('> limit', '> "hot"'), /:13:5 condition\.predicate\.when/],
    [
      'a negative duration',
      good.replace('90s', '-90s'),
      /condition\.predicate\.for: "-90s" is not a duration/,
    ],
    [
      'an unknown parameter',
      good.replace('$wait', '$weit'),
      /condition\.predicate\.for: there is no parameter weit/,
    ],
    [
      'a parameter named as a field',
      good.replace('limit: 60', 'temperature: 60'),
      /parameters\.temperature: temperature is already a name of bin/,
    ],
    [
      'an unknown condition',
      good.replace('predicate:', 'predicament:'),
      /condition: exactly one condition of predicate, .* not predicament/,
    ],
    ['an unknown option', good.replace('for:', 'fro:'), /condition\.predicate/],
    ['inhibiting itself', `${good}inhibits: [hot-bin]\n`, /inhibits\[0\]: a rule cannot inhibit itself/],
    [
      'inhibiting an unknown rule',
      `${good}inhibits: [cold-bin]\n`,
      /inhibits\[0\]: there is no rule cold-bin/,
    ],
    ['completing itself', `${good}completes: [hot-bin]\n`, /completes\[0\]: a rule cannot complete itself/],
    [
      'completing the work of a group',
      `${good.replace('[bin] }', '[bin], of: building }')}completes: [cold-bin]\n`,
      /completes: completes is only for one device/,
    ],
    ...['inhibits: [cold-bin]', 'sameCase: 30d', 'steps: [{ when: temperature > limit, severity: low }]'].map(
      (line): [string, string, RegExp] => [
        `completing, with an option for alerts: ${line}`,
        `${good}completes: [cold-bin]\n${line}\n`,
        new RegExp(`${line.split(':')[0]}: cannot be combined with \`completes\``),
      ],
    ),
    ['sameCase longer than ten years', `${good}sameCase: 11y\n`, /sameCase: "11y" is not a duration/],
    ['sameCase of zero', `${good}sameCase: 0s\n`, /sameCase: must be greater than 0/],
    [
      'completing an unknown rule',
      `${good}completes: [cold-bin]\n`,
      /completes\[0\]: there is no rule cold-bin/,
    ],
    [
      'exponential aliases',
      `${good}a: &a [x, x]\n${'bcdefgh'.replaceAll(/./g, (name) => `${name}: &${name} [${`*${String.fromCharCode(name.charCodeAt(0) - 1)},`.repeat(9)}]\n`)}`,
      /alias/,
    ],
    [
      'a condition inside itself',
      good.replace('predicate:', 'predicate: &a').replace('$wait', '*a'),
      /alias stands inside/,
    ],
    ['an empty file', '', /hot\.yaml/],
    ['a list', '- 1\n', /hot\.yaml/],
    ['a huge file', `# ${'x'.repeat(70_000)}`, /longer than/],
    [
      'a condition for groups on one device',
      good.replace(
        /condition:[\s\S]*reason/,
        'condition:\n  together: { when: temperature > limit, count: 3, within: 10m }\nreason',
      ),
      /together is only for a group/,
    ],
    [
      'steps of a group',
      good
        .replace('[bin] }', '[bin], of: building }')
        .replace(
          /condition:[\s\S]*reason/,
          'condition:\n  together: { when: temperature > limit, count: 3, within: 10m }\nsteps: [{ when: temperature > limit, severity: low }]\nreason',
        ),
      /steps: steps are about the readings of one device/,
    ],
    [
      'a rise of a text field',
      good.replace(
        /condition:[\s\S]*reason/,
        'condition:\n  rise: { field: position, by: 10, within: 10m }\nreason',
      ),
      /condition\.rise\.field: position is not a number field of bin/,
    ],
  ])('%s', (_, text, expected) => {
    const problems = problemsOf(text)
    expect(problems.join('\n')).toMatch(expected)
    expect(problems.every((problem) => problem.startsWith('hot.yaml'))).toBe(true)
  })
})

test('returns all problems of all files and no rules', () => {
  const result = compileRules([
    {
      source: 'a.yaml',
      text: good.replace('severity: high', 'severity: huge').replace('ref: X1', 'ref: 1X'),
    },
    { source: 'b.yaml', text: good.replace('temperature >', 'temprature >').replace('$wait', '$weit') },
    { source: 'c.yaml', text: good },
    { source: 'd.yaml', text: good },
  ])
  const problems = result.ok ? [] : result.problems.map(formatProblem)
  expect(problems.filter((one) => one.startsWith('a.yaml'))).toHaveLength(2)
  expect(problems.filter((one) => one.startsWith('b.yaml')).length).toBeGreaterThanOrEqual(2)
  expect(problems.filter((one) => /another rule has the id/.test(one))).toHaveLength(2)
})

test('refuses 10,000 clauses, nine parts, and an absence inside any', () => {
  const clauses = Array.from({ length: 10_000 }, () => 'temperature > 1.0').join(' || ')
  const wide = compileRules([ruleText({ condition: { predicate: { when: clauses } } })])
  expect(wide.ok).toBe(false)
  const nine = Array.from({ length: 9 }, () => ({ predicate: { when: 'temperature > 1.0' } }))
  expect(compileRules([ruleText({ condition: { any: { of: nine } } })]).ok).toBe(false)
  const absence = { absence: { evidence: 'temperature > 1.0', for: '1h' } }
  expect(compileRules([ruleText({ condition: { any: { of: [absence] } } })]).ok).toBe(false)
})
