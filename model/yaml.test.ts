import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { formatProblem } from './errors.ts'
import { checkYaml, readYaml } from './yaml.ts'

const schema = z.strictObject({
  port: z.int().min(1),
  homes: z.array(z.strictObject({ id: z.string() })).default([]),
})

const problemsOf = (text: string): string[] => {
  const checked = checkYaml(readYaml(text, 'f.yaml'), schema)
  return checked.ok ? [] : checked.problems.map(formatProblem)
}

describe('yaml files', () => {
  test('a right file is its value', () => {
    expect(checkYaml(readYaml('port: 1\nhomes:\n  - id: a\n', 'f.yaml'), schema)).toEqual({
      ok: true,
      value: { port: 1, homes: [{ id: 'a' }] },
    })
  })

  test('every problem has its line', () => {
    const problems = problemsOf('port: x\nhomes:\n  - id: a\n  - id: 7\n    colour: red\nextra: 1\n')
    expect(problems.map((problem) => problem.slice(0, problem.indexOf(':', 9)))).toEqual([
      'f.yaml:1:1 port',
      'f.yaml:4:5 homes[1].id',
      'f.yaml:5:5 homes[1].colour',
      'f.yaml:6:1 extra',
    ])
  })

  test('a missing field is reported at its parent', () => {
    expect(problemsOf('homes:\n  - {}\n')).toEqual([
      expect.stringMatching(/^f\.yaml:1:1 port: /),
      expect.stringMatching(/^f\.yaml:2:5 homes\[0\]\.id: /),
    ])
  })

  test.each([
    ['broken text', 'a: [1,\nb: 2'],
    ['a key twice', 'port: 1\nport: 2'],
    ['an alias bomb', `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(20)}]\nc: [${'*b,'.repeat(20)}]`],
  ])('%s is refused, not thrown', (_name, text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0)
  })

  test('on and off stay words (YAML 1.2)', () => {
    expect(readYaml('powerState: on', 'f.yaml').value).toEqual({ powerState: 'on' })
  })
})
