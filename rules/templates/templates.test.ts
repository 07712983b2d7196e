/** What a new rule may begin with is a rule that could be saved as it is, and reads in both languages. */
import { describe, expect, test } from 'vitest'
import { formatProblem } from '../../model/errors.ts'
import { compileRules, readRule } from '../compile/compile-rules.ts'
import { libraryFolder, readRuleFolder, templatesFolder } from '../library/read.ts'

const shipped = readRuleFolder(libraryFolder)
const templates = readRuleFolder(templatesFolder)

test('there are some, for one device and for several', () => {
  const about = templates.map((source) => {
    const read = readRule(source)
    return 'file' in read ? read.file.applies.of : 'unreadable'
  })
  expect(new Set(about)).toEqual(new Set(['device', 'home', 'circuit']))
})

describe.each(templates)('$source', ({ source, text }) => {
  test('goes with the shipped rules', () => {
    const compiled = compileRules([...shipped, { source, text }])
    expect(compiled.ok ? [] : compiled.problems.map(formatProblem)).toEqual([])
  })
  test('names itself as its file, and every threshold for people', () => {
    const read = readRule({ source, text })
    if (!('file' in read)) throw new Error(source)
    const { id, title, labels, parameters } = read.file
    expect(`${id}.yaml`).toBe(source)
    expect(title.zh).toMatch(/\p{Script=Han}/u)
    expect(Object.keys(labels)).toEqual(Object.keys(parameters))
  })
})
