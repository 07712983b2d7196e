/** Bad rules are refused whole when they are saved, each with the file, the line and the place in it. */
import { describe, expect, test } from 'vitest'
import { deviceTypes } from '../../model/devices/table.ts'
import { formatProblem } from '../../model/errors.ts'
import { libraryFolder, readRuleFolder } from '../library/read.ts'
import { compileRules, readRule } from './compile-rules.ts'
import { costOf, maxCost } from './rule-compiler.ts'

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
signals:
  warm: { delay: { when: temperature > 30.0, for: 5m } }
condition:
  predicate:
    when: temperature > limit && warm
    for: $wait
reason: { zh: 热, en: Hot }
`
const problemsOf = (...texts: readonly string[]): string[] => {
  const result = compileRules(texts.map((text, index) => ({ source: `${'abc'[index]}.yaml`, text })))
  return result.ok ? [] : result.problems.map(formatProblem)
}
const when = (expression: string) =>
  good.replace('temperature > limit && warm', JSON.stringify(`${expression} && temperature > limit`))

test('refuses a short text that would take hours to compile', () => {
  const clause = Array.from({ length: 25 }, () => 'abs(batteryLevel) > limit').join(' || ')
  const parts = Array.from({ length: 8 }, () => `      - predicate: { when: ${JSON.stringify(clause)} }`)
  const overrides = Array.from(
    { length: 150 },
    (_, n) => `  - { devices: [d${n}], parameters: { limit: ${n} } }`,
  )
  const [head] = good.split('signals:')
  const text = (few: number) =>
    [
      head?.replace('  wait: 90s\n', '').replace('types: [bin]', "types: '*'"),
      'condition:\n  any:\n    of:',
      ...parts,
      'overrides:',
      ...overrides.slice(0, few),
      'reason: { zh: 热, en: Hot }',
    ].join('\n')
  expect(problemsOf(text(10))).toEqual([])
  expect(problemsOf(text(150))).toEqual([expect.stringMatching(/a.yaml:\d+.*overrides.*too much to check/)])
})

test('reports a problem of the rule once, not for every override', () => {
  const overrides = 'overrides: [{ devices: [b1], severity: low }, { devices: [b2], severity: low }]\n'
  expect(problemsOf(good.replace('temperature > limit', 'temprature > limit') + overrides)).toHaveLength(1)
})

test('every shipped rule could have 200 overrides', () => {
  for (const { source, text } of readRuleFolder(libraryFolder)) {
    const read = readRule({ source, text })
    if (!('file' in read)) throw new Error(source)
    const overrides = Array.from({ length: 200 }, () => ({ severity: 'low' as const }))
    expect(costOf({ ...read.file, overrides }, deviceTypes.size), source).toBeLessThan(maxCost)
  }
})

test('no shipped reason contains a number: reasons name parameters, so they stay true when a threshold changes', () => {
  for (const { source, text } of readRuleFolder(libraryFolder)) {
    const read = readRule({ source, text })
    if (!('file' in read)) throw new Error(source)
    for (const { zh, en } of [read.file.reason, ...Object.values(read.file.reasons)])
      for (const words of [zh, en]) expect(words.replace(/\{\w+\}/g, ''), source).not.toMatch(/\d/)
  }
})

test('every shipped rule names the source of its thresholds in both languages', () => {
  for (const { source, text } of readRuleFolder(libraryFolder)) {
    const read = readRule({ source, text })
    if (!('file' in read)) throw new Error(source)
    expect(read.file.source.zh, source).toMatch(/\p{Script=Han}/u)
    expect(read.file.source.en, source).not.toMatch(/\p{Script=Han}/u)
  }
})

test('a source in one language only, or empty', () => {
  const source = (written: string) => good.replace('source: test', `source: ${written}`)
  expect(problemsOf(source('{ zh: 试, en: test }'))).toEqual([])
  expect(problemsOf(source('{ zh: 试 }'))).toEqual([expect.stringMatching(/^a.yaml:6:.*source\.en/)])
  expect(problemsOf(source('" "'))[0]).toMatch(/^a.yaml:6:1 source\.zh: must not be empty/)
})

test('a label of a missing parameter', () => {
  const labels = (name: string) => `${good}labels: { ${name}: { zh: 热, en: Hot, unit: °C } }\n`
  expect(problemsOf(labels('limit'))).toEqual([])
  expect(problemsOf(labels('limt'))).toEqual([
    expect.stringMatching(/a.yaml:18.*labels.limt.*no parameter limt/),
  ])
  const twice = `${labels('limt')}overrides: [{ types: [bin], severity: low }]\n`
  expect(problemsOf(twice)).toHaveLength(1)
})

test('the base rule is valid', () => {
  expect(problemsOf(good)).toEqual([])
})

/** The problem must be reported at this line of the file. */
type Row = readonly [name: string, text: string, line: number, expected: RegExp]

describe('expressions', () => {
  const rows: readonly Row[] = [
    ['an unknown field', when('temprature > 1.0'), 15, /condition\.predicate\.when: .*temprature/],
    ['an unknown fact', when('meta.colour == "red"'), 15, /colour/],
    ['an unknown word', when('status == "burned"'), 15, /"burned" is not a value of status/],
    ['a type error', when('temperature > "hot"'), 15, /double/],
    ['a number instead of true or false', when('temperature'), 15, /condition\.predicate\.when/],
    ['half an expression', when('temperature >'), 15, /condition\.predicate\.when/],
    [
      'a regular expression with exponential backtracking',
      when('status.matches("(a+)+$")'),
      15,
      /matches\(\) cannot be used/,
    ],
    ['any regular expression', when('status.matches("ok")'), 15, /matches\(\) cannot be used/],
    ['a loop over numbers', when('[1, 2].map(x, x * 2) == [2, 4]'), 15, /cannot be used|Unknown/],
    ['an exists loop', when('[1, 2].exists(x, x > 1)'), 15, /exists\(\) cannot be used/],
    ['a loop in a loop', when('[1].all(x, [1].all(y, [1].all(z, x == z)))'), 15, /all\(\) cannot be used/],
    ['a table', when('{"a": 1}["a"] == 1'), 15, /condition\.predicate\.when/],
    [
      '10,000 clauses',
      when(Array.from({ length: 10_000 }, () => 'temperature > 1.0').join(' && ')),
      0,
      /longer than/,
    ],
    ['500 clauses', when(Array.from({ length: 200 }, () => 'temperature > 1.0').join('&&')), 15, /./],
    ['80 deep', when(`${'('.repeat(80)}temperature > 1.0${')'.repeat(80)}`), 15, /./],
    ['a long list', when(`status in [${Array.from({ length: 80 }, () => '"ok"').join()}]`), 15, /./],
    [
      'a field in where',
      `${good}where: temperature > 1.0\n`,
      18,
      /^a\.yaml:18:1 where: only facts that do not change/,
    ],
    ['the time in where', `${good}where: between(22, 6)\n`, 18, /where: only facts/],
    ['an event in where', `${good}where: event == 'tamper'\n`, 18, /where: only facts/],
    ['a signal in where', `${good}where: warm\n`, 18, /where: warm cannot be used/],
  ]
  test.each(rows)('%s', (_, text, line, expected) => {
    const problems = problemsOf(text).join('\n')
    expect(problems).toMatch(expected)
    if (line > 0) expect(problems).toMatch(new RegExp(`^a\\.yaml:${line}:\\d+ `))
  })
})

describe('the file', () => {
  const title = 'title: { zh: 热, en: Hot }'
  const rows: readonly Row[] = [
    ['no zh', good.replace(title, 'title: { en: Hot }'), 3, /title\.zh/],
    ['no en', good.replace(title, 'title: { zh: 热 }'), 3, /title\.en/],
    ['an empty zh', good.replace(title, 'title: { zh: "", en: Hot }'), 3, /title\.zh: must not be empty/],
    ['a blank en', good.replace(title, 'title: { zh: 热, en: "  " }'), 3, /title\.en: must not be empty/],
    [
      'a third language',
      good.replace(title, 'title: { zh: 热, en: Hot, de: Heiß }'),
      3,
      /title\.de: unknown field/,
    ],
    [
      'a reason in one language',
      good.replace('reason: { zh: 热, en: Hot }', 'reason: { zh: 热 }'),
      17,
      /reason\.en/,
    ],
    [
      'another reason in one language',
      `${good}reasons: { lastWill: { zh: 热 } }\n`,
      18,
      /reasons\.lastWill\.en/,
    ],
    [
      'an unused parameter',
      good.replace('limit: 60', 'limit: 60\n  lmit: 50'),
      10,
      /parameters\.lmit: lmit is not used/,
    ],
    ['a parameter that is no number', good.replace('limit: 60', 'limit: .nan'), 9, /parameters\.limit/],
    ['an infinite parameter', good.replace('limit: 60', 'limit: .inf'), 9, /parameters\.limit/],
    [
      'a field of the bin as a name',
      good.replace('limit: 60', 'limit: 60\n  status: 50'),
      10,
      /parameters\.status: status is already a name of bin/,
    ],
    [
      'a time function as a name',
      good.replace('limit: 60', 'limit: 60\n  between: 50'),
      10,
      /parameters\.between: between is already a name/,
    ],
    [
      'a negative duration',
      good.replace('90s', '-90s'),
      16,
      /condition\.predicate\.for: "-90s" is not a duration/,
    ],
    [
      'a duration that is too long',
      good.replace('90s', '99999999999999999999d'),
      16,
      /is not a duration .* at most ten years/,
    ],
    ['eleven years', good.replace('90s', '4018d'), 16, /is not a duration/],
    ['a number for a duration', good.replace('$wait', '90'), 16, /condition\.predicate\.for/],
    [
      'a signal that uses itself',
      good.replace('temperature > 30.0', 'temperature > 30.0 || warm'),
      12,
      /signals\.warm\.delay\.when: a signal cannot use itself or a signal below it/,
    ],
    [
      'a signal that uses one below it',
      good.replace(
        'condition:',
        '  late: { delay: { when: later, for: 5m } }\n  later: { delay: { when: warm, for: 5m } }\ncondition:',
      ),
      13,
      /signals\.late\.delay\.when: a signal cannot use/,
    ],
    [
      'nine signals',
      good.replace(
        'signals:',
        `signals:\n${Array.from({ length: 9 }, (_, index) => `  s${index}: { delay: { when: temperature > 1.0, for: 1m } }`).join('\n')}`,
      ),
      11,
      /signals: at most 8/,
    ],
    [
      '200 parameters',
      good.replace(
        'parameters:',
        `parameters:\n${Array.from({ length: 200 }, (_, index) => `  p${index}: 1`).join('\n')}`,
      ),
      8,
      /parameters: at most 50/,
    ],
    [
      'a condition inside itself',
      good.replace('  predicate:', '  predicate: &a').replace('$wait', '*a'),
      16,
      /condition\.predicate\.for: an alias stands inside of what it repeats/,
    ],
    ['exponential aliases', `${good}${bomb()}`, 19, /alias/],
    ['twice the same key', `${good}severity: low\n`, 18, /unique/],
    ['an unknown key', `${good}colour: red\n`, 18, /colour: unknown field/],
    ['an unknown option', good.replace('for: $wait', 'fro: $wait'), 14, /condition\.predicate/],
    ['inhibiting itself', `${good}inhibits: [hot-bin]\n`, 18, /inhibits\[0\]: a rule cannot inhibit itself/],
  ]
  test.each(rows)('%s', (_, text, line, expected) => {
    const problems = problemsOf(text).join('\n')
    expect(problems).toMatch(expected)
    expect(problems).toMatch(new RegExp(`^a\\.yaml:${line}:\\d+[ :]`, 'm'))
  })

  test('a text over 64 KiB, and one that is 30,000 deep', () => {
    expect(problemsOf(`${good}# ${'x'.repeat(70_000)}`).join()).toMatch(
      /^a\.yaml: longer than 65536 characters/,
    )
    expect(problemsOf('['.repeat(30_000)).length).toBeGreaterThan(0)
    expect(problemsOf(`${good}a: ${'{a: '.repeat(9000)}`).length).toBeGreaterThan(0)
  })

  test('a parameter used only in a reason counts as used', () => {
    const reason = 'reason: { zh: 热, en: "Over {sharePercent} %" }'
    const text = good
      .replace('limit: 60', 'limit: 60\n  share: 0.5')
      .replace('reason: { zh: 热, en: Hot }', reason)
    expect(problemsOf(text)).toEqual([])
  })
  test('a signal may use one above it', () => {
    expect(
      problemsOf(
        good
          .replace('condition:', '  later: { delay: { when: warm, for: 5m } }\ncondition:')
          .replace('&& warm', '&& later'),
      ),
    ).toEqual([])
  })
})

describe('rules that inhibit each other', () => {
  const rule = (id: string, ...inhibits: readonly string[]) =>
    `${good.replace('hot-bin', id)}inhibits: [${inhibits.join(', ')}]\n`
  test('two rules: reported at both', () => {
    expect(problemsOf(rule('one', 'two'), rule('two', 'one'))).toEqual([
      'a.yaml:18:12 inhibits[0]: two inhibits this rule, directly or through others',
      'b.yaml:18:12 inhibits[0]: one inhibits this rule, directly or through others',
    ])
  })
  test('three rules in a cycle', () => {
    expect(problemsOf(rule('one', 'two'), rule('two', 'three'), rule('three', 'one'))).toHaveLength(3)
  })
  test('a rule that only leads to a cycle is not reported', () => {
    const problems = problemsOf(rule('one', 'two'), rule('two', 'three'), rule('three', 'two'))
    expect(problems.map((problem) => problem.slice(0, 6))).toEqual(['b.yaml', 'c.yaml'])
  })
  test('two paths to the same rule are not a cycle', () => {
    expect(problemsOf(rule('one', 'two', 'three'), rule('two', 'three'), rule('three'))).toEqual([])
  })
})

/** Nine aliases of nine aliases of … */
function bomb(): string {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const lines = names.map((name, index) => {
    const former = names[index - 1]
    return `x${name}: &${name} [${former ? Array.from({ length: 9 }, () => `*${former}`).join() : 'x, x'}]`
  })
  return `${lines.join('\n')}\n`
}
