import { describe, expect, test } from 'vitest'
import { formatProblem } from '../../model/errors.ts'
import { readYaml } from '../../model/yaml.ts'
import { compileRules } from '../compile/compile-rules.ts'
import { libraryFolder, readRuleFolder } from '../library/read.ts'
import { ruleText } from '../testing/community.ts'
import { definitions, withDefinitions } from './definitions.ts'

const expand = (text: string) => withDefinitions(readYaml(text, 'own.yaml'))
const problemsOf = (text: string): string[] => expand(text).problems.map(formatProblem)

const activity = {
  applies: { types: ['door', 'motion'], of: 'home' },
  parameters: { away: '15m' },
}
const rhythm = {
  activity: "event == 'sos'",
  margin: 1.25,
  days: 14,
  fallback: '12h',
  least: '3h',
  most: '48h',
  alive: '25h',
}
const compiledRule = (fields: Readonly<Record<string, unknown>>) => {
  const result = compileRules([ruleText(fields)])
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'))
  return result.rules.list[0]
}

describe('a name in place of a part', () => {
  test('gives the fingerprint of the written-out rule', () => {
    const named = compiledRule({
      ...activity,
      condition: { rhythm: { ...rhythm, activity: 'person-inside', presence: 'home' } },
    })
    const writtenOut = compiledRule({
      ...activity,
      condition: {
        rhythm: {
          ...rhythm,
          activity: definitions.expressions['person-inside'],
          presence: {
            door: "orElse(meta.role, 'movement') == 'entrance'",
            moved: '!contact || changed(contact) || grew(openCount)',
            open: '!contact',
            inside: definitions.expressions['person-inside'],
            after: '$away',
          },
        },
      },
    })
    expect(named?.fingerprint).toBe(writtenOut?.fingerprint)
    const other = compiledRule({ ...activity, condition: { rhythm: { ...rhythm, presence: 'home' } } })
    expect(other?.fingerprint).not.toBe(named?.fingerprint)
  })

  test('can be a signal', () => {
    const { yaml, problems } = expand('signals: { level: confirmed-level }')
    expect(problems).toEqual([])
    expect(yaml.value).toEqual({
      signals: { level: { stable: { field: 'fillingLevel', by: '$jump', within: '$pause' } } },
    })
  })

  test('is resolved in lists, but only inside condition and signals', () => {
    const { yaml } = expand(
      'id: is-entrance\ncondition: { all: { of: [{ predicate: { when: is-entrance } }] } }',
    )
    expect(yaml.value).toEqual({
      id: 'is-entrance',
      condition: { all: { of: [{ predicate: { when: "orElse(meta.role, 'movement') == 'entrance'" } }] } },
    })
  })

  test('leaves fields, parameters and expressions unchanged', () => {
    const text =
      'condition: { predicate: { when: temperature - limit > 1.0, field: temperature, for: $wait } }'
    expect(expand(text).yaml.value).toEqual(readYaml(text, 'own.yaml').value)
  })
})

describe('an unknown name', () => {
  test.each([
    ['expression', 'condition:\n  predicate:\n    when: is-entrence\n', 'own.yaml:3:', 'is-entrance'],
    ['presence', 'condition:\n  rhythm:\n    presence: house\n', 'own.yaml:3:', 'home'],
    ['signal', 'signals:\n  level: confirmed\n', 'own.yaml:2:', 'confirmed-level'],
    ['name of Object.prototype', 'signals:\n  level: constructor\n', 'own.yaml:2:', 'confirmed-level'],
  ])('%s is a problem with its line and the known names', (_, text, place, known) => {
    const [problem = '', ...others] = problemsOf(text)
    expect(others).toEqual([])
    expect(problem).toContain(place)
    expect(problem).toContain('unknown definition')
    expect(problem).toContain(known)
  })

  test('refuses the rule wherever rules are compiled', () => {
    const result = compileRules([ruleText({ condition: { predicate: { when: 'not-defined' } } })])
    expect(result.ok ? [] : result.problems.map(({ path }) => path)).toContain('condition.predicate.when')
  })

  test('a parameter that a definition needs is reported if the rule lacks it', () => {
    const { parameters: _, ...without } = activity
    const result = compileRules([
      ruleText({ ...without, condition: { rhythm: { ...rhythm, presence: 'home' } } }),
    ])
    expect(result.ok ? [] : result.problems.map(({ message }) => message).join()).toContain('away')
  })
})

describe('the shipped definitions', () => {
  const rules = readRuleFolder(libraryFolder)

  test('are not read as a rule', () => {
    expect(rules.map(({ source }) => source)).not.toContain('definitions.yaml')
  })

  const names = [
    ...Object.keys(definitions.expressions),
    ...Object.keys(definitions.presence),
    ...Object.keys(definitions.signals),
  ]
  test.each(names)('%s is used by a shipped rule', (name) => {
    expect(rules.some(({ text }) => new RegExp(`: ${name}$`, 'm').test(text))).toBe(true)
  })

  test('are written out once: no shipped rule repeats one', () => {
    const texts = Object.values(definitions.expressions).filter((text) => text.length > 60)
    const repeated = rules.filter(({ text }) =>
      texts.some((expression) =>
        JSON.stringify(readYaml(text, 'x').value).includes(JSON.stringify(expression)),
      ),
    )
    expect(repeated.map(({ source }) => source)).toEqual([])
  })
})
