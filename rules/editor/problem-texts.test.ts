/** Every problem of a rule has a text in both languages. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compileRules } from '../compile/compile-rules.ts'
import { inBothLanguages, inChinese } from './problem-texts.ts'
import { chineseProblems } from './problem-words.ts'

const han = /\p{Script=Han}/u
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
const when = (expression: string): string =>
  good.replace('temperature > limit', JSON.stringify(`(${expression}) && temperature > limit`))
const changed = (former: string, text: string): string => {
  expect(good).toContain(former)
  return good.replace(former, text)
}
const chineseOf = (text: string): string[] => {
  const result = compileRules([{ source: 'a.yaml', text }])
  return result.ok ? [] : result.problems.map((problem) => inBothLanguages(problem).text.zh)
}

describe('messages of zod, YAML and CEL', () => {
  test.each([
    [
      'a misspelt field',
      when('temprature > 1.0'),
      '没有名为 temprature 的字段、参数或信号，在第 2 个字符（bin）',
    ],
    ['another type', when('temperature > "hot"'), '类型不相配：double > string，在第 2 个字符（bin）'],
    ['a whole number', when('(temperature > 1.0 ? 1 : 2.0) > 1.0'), /整数请写作 3\.0/],
    ['half an expression', changed('temperature > limit', 'temperature >'), /^表达式没有写完/],
    ['a bracket', changed('temperature > limit', '(temperature > limit'), /还缺 右括号/],
    ['a pattern', when('status.matches("a")'), '规则中不能使用 matches()'],
    ['a number', changed('temperature > limit', 'temperature'), '结果是数字，应为是或否'],
    ['nothing', changed('severity: high\n', ''), /^应为以下之一/],
    ['no title', changed('title: { zh: 热, en: Hot }\n', ''), '缺少此项（应为若干项）'],
    ['a long title', changed('en: Hot }\nkind', `en: ${'x'.repeat(501)} }\nkind`), '太长：最多 500 个字符'],
    ['a name', changed('limit: 60', 'Limit: 60'), '名称只含字母和数字，以小写字母开头'],
    ['tabs', changed('  limit', '\tlimit'), '缩进不能用制表符，请用空格'],
    ['twice', `${good}severity: low\n`, '同一项写了两次'],
    ['no end', changed('source: test', 'source: "test'), '缺少结尾的引号'],
    ['two files', `${good}---\n${good}`, /^一个文件只能写一条规则/],
    ['an option', changed('for: $wait', 'for: $wait\n    samples: 0'), '太小：不得小于 1'],
    [
      'in an override',
      `${good}overrides: [{ types: [bin], parameters: { wait: "0s", limit: x } }]\n`,
      'limit 应为数字，而不是文字',
    ],
  ])('%s', (_, text, expected) => {
    expect(chineseOf(text)).toContainEqual(
      typeof expected === 'string' ? expected : expect.stringMatching(expected),
    )
    for (const zh of chineseOf(text)) expect(zh).toMatch(han)
  })
})

const rulesFolder = join(import.meta.dirname, '..')

test('every message of our own checks has a Chinese text', () => {
  // operators.ts contains generated code, not messages.
  const files = globSync('**/*.ts', { cwd: rulesFolder }).filter(
    (file) => !/test|problem-|operators/.test(file),
  )
  const isCheck =
    /addProblem\(|\bat\(|problemAt\(|message:|problems: \[|UnsupportedExpression\(|refine\(|regex\(|return `|push\(`|\? \[\] : \['/
  const literal = /`(?:[^`$]|\$(?!\{)|\$\{(?:[^`}]|`[^`]*`)*\})*`|'(?:[^'\\]|\\.)*'/g
  const messages = files
    .flatMap((file) => readFileSync(join(rulesFolder, file), 'utf8').split('\n'))
    .filter((line) => isCheck.test(line) && !/new Error\(|\.replace\(/.test(line))
    .flatMap((line) => [...line.matchAll(literal)].map(([text]) => text.slice(1, -1)))
    .map((text) => text.replace(/\$\{(?:[^`}]|`[^`]*`)*\}/g, 'x'))
    .filter((text) => / [a-z]{2}/.test(text))
  expect(messages.length).toBeGreaterThan(60)
  expect(messages.filter((text) => !inChinese(text))).toEqual([])
})

test('a Chinese text uses only the placeholders of the English one', () => {
  for (const [en, zh] of chineseProblems) {
    const places = [...en.matchAll(/\{(\w+)\}/g)].map(([place]) => place)
    for (const [place] of zh.matchAll(/\{(\w+)\}/g)) expect(places, en).toContain(place)
    expect(zh, en).toMatch(en.includes('{message}') ? /[：（，；]/ : han)
  }
})

test('an unknown message is shown as it is; text of people is not a pattern', () => {
  const problem = inBothLanguages({ source: 'a.yaml', message: 'colourless green ideas' })
  expect(problem.text).toEqual({ zh: 'colourless green ideas', en: 'colourless green ideas' })
  expect(inChinese('there is no parameter $1{name}\\d')).toBe('没有参数 $1{name}\\d')
  expect(inChinese(`there is no parameter ${'x'.repeat(5000)}`)).toBeUndefined()
})
