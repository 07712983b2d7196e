/** The examples of docs/writing-rules.md compile, and the functions it names exist. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { formatProblem } from '../../model/errors.ts'
import { ruleText } from '../testing/community.ts'
import { compileRules } from './compile-rules.ts'

const guide = readFileSync(new URL('../../docs/writing-rules.md', import.meta.url), 'utf8')
const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text)

test('there are examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(3)
})

describe('examples', () => {
  test.each(examples.map((text) => [text.split('\n', 2).join(' ').trim(), text]))('%s', (_, text) => {
    const source = text.startsWith('id:')
      ? { source: 'example.yaml', text }
      : ruleText(parse(text) as Readonly<Record<string, unknown>>)
    const result = compileRules([source])
    expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([])
  })
})

test('the functions in the table', () => {
  const words = [...guide.matchAll(/^\| `(\w+)\(([^`]*)\)` \| /gm)].map(
    ([, name, args]) => `${name}(${args})`,
  )
  const numbers = ['localHour()', 'dayOfWeek()', 'sunElevation()']
  const truths = new Map([
    ['rose(field, by, within)', 'rose(temperature, 5.0, 60.0)'],
    ['between(22, 6)', 'between(22, 6)'],
  ])
  expect(new Set(words)).toEqual(new Set([...truths.keys(), ...numbers]))
  for (const word of words) {
    const when = truths.get(word) ?? `${word} < 5.0`
    expect(compileRules([ruleText({ condition: { predicate: { when } } })]).ok, word).toBe(true)
  }
})
