import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { lineDiff } from './line-diff.ts'
import {
  completesOf,
  fillReason,
  isYaml,
  labelsOf,
  overridesOf,
  parametersOf,
  unusedId,
  valueAt,
  withParameter,
  withText,
} from './rule-text.ts'

const text = `id: hot
# thresholds of the maker
parameters:
  limit: 60.0 # degrees
  wait: 48h
  word: "a: b"
flow: 1
`

test('rules completed by a rule', () => {
  expect(completesOf('id: emptied\ncompletes: [bin-full, bin-late]')).toEqual(['bin-full', 'bin-late'])
  for (const other of [text, 'completes: [', 'completes: bin-full', ''])
    expect(completesOf(other)).toEqual([])
})

describe('parameters', () => {
  test('in their order, as written, with their comments', () => {
    expect(parametersOf(text)).toEqual([
      { name: 'limit', text: '60.0', comment: 'degrees' },
      { name: 'wait', text: '48h', comment: '' },
      { name: 'word', text: 'a: b', comment: '' },
    ])
    expect(parametersOf('parameters: { a: 1 }')).toEqual([{ name: 'a', text: '1', comment: '' }])
    expect(parametersOf('id: x')).toEqual([])
    expect(parametersOf('a: [')).toEqual([])
    expect([isYaml(text), isYaml('id: x'), isYaml('a: [')]).toEqual([true, true, false])
  })

  test('setting one changes nothing else in the text', () => {
    expect(withParameter(text, 'limit', ' 55 ')).toBe(text.replace('60.0', '55'))
    expect(withParameter(text, 'wait', '24h')).toBe(text.replace('48h', '24h'))
    expect(withParameter(text, 'none', '1')).toBe(text)
    expect(withParameter('parameters: { a: 1, b: 2 }', 'b', '-0.5')).toBe('parameters: { a: 1, b: -0.5 }')
  })

  test('quotes a value that is YAML syntax', () => {
    const evil = withParameter(text, 'wait', '1 }\nid: other # x')
    expect(parametersOf(evil)[1]?.text).toBe('1 }\nid: other # x')
    expect(evil.split('\n')).toHaveLength(text.split('\n').length)
    expect(parametersOf(withParameter(text, 'wait', ''))[1]?.text).toBe('')
  })

  test('fills parameters into the reason; unknown placeholders become …', () => {
    expect(fillReason('over {limit} for {hours} h: {what}', text)).toBe('over 60.0 for … h: …')
    expect(fillReason('{waitHours} h, {waitDays} d, {limitHours}, {otherPercent}', text)).toBe(
      '48 h, 2 d, …, …',
    )
    expect(fillReason('{fullPercent} %', 'parameters: { full: 0.85 }')).toBe('85 %')
  })

  test('each parameter of every shipped rule can be set and read again', () => {
    const folder = resolve(import.meta.dirname, '../../../../rules/library')
    const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'definitions.yaml')
    let seen = 0
    for (const file of files) {
      const shipped = readFileSync(join(folder, file), 'utf8')
      for (const { name, text: value } of parametersOf(shipped)) {
        seen += 1
        expect(withParameter(shipped, name, value), `${file} ${name}`).toBe(shipped)
        const changed = withParameter(shipped, name, '7')
        expect(parametersOf(changed).find((one) => one.name === name)?.text, `${file} ${name}`).toBe('7')
      }
    }
    expect(seen).toBeGreaterThan(20)
  })
})

describe('overrides', () => {
  test('places, parameters, severity and disabled', () => {
    const yaml = `overrides:
  - { homes: [b3-201], parameters: { limit: 24h } }
  - { sites: [a, b], types: [bin], severity: high }
  - { devices: [d1], enabled: false }
`
    expect(overridesOf(yaml)).toEqual([
      {
        ...{ places: [{ kind: 'homes', ids: ['b3-201'] }], parameters: [{ name: 'limit', value: '24h' }] },
        ...{ severity: null, isDisabled: false },
      },
      {
        places: [
          { kind: 'sites', ids: ['a', 'b'] },
          { kind: 'types', ids: ['bin'] },
        ],
        ...{ parameters: [], severity: 'high', isDisabled: false },
      },
      { places: [{ kind: 'devices', ids: ['d1'] }], parameters: [], severity: null, isDisabled: true },
    ])
    expect(overridesOf('overrides: nonsense')).toEqual([])
    expect(overridesOf('- 1')).toEqual([])
    expect(overridesOf('')).toEqual([])
  })
})

describe('labels', () => {
  test('texts with units; malformed labels are skipped', () => {
    const rule = 'labels: { limit: { zh: 温度, en: Hot, unit: °C }, wait: { zh: 等, en: Wait }, odd: 1 }'
    expect([...labelsOf(rule)]).toEqual([
      ['limit', { zh: '温度', en: 'Hot', unit: '°C' }],
      ['wait', { zh: '等', en: 'Wait', unit: '' }],
    ])
    for (const none of ['id: x', 'labels: 1', '- 1', 'a: [', '']) expect(labelsOf(none).size, none).toBe(0)
  })
  test('ignores a text whose aliases expand without limit', () => {
    const layers = Array.from({ length: 30 }, (_, index) =>
      index === 0
        ? 'l0: &l0 [x]'
        : `l${index}: &l${index} [${Array(9)
            .fill(`*l${index - 1}`)
            .join()}]`,
    )
    const bomb = [...layers, 'labels: *l29', 'overrides: *l29'].join('\n')
    expect(labelsOf(bomb).size).toBe(0)
    expect(overridesOf(bomb)).toEqual([])
  })
})

describe('lineDiff', () => {
  const diff = (before: string, after: string) =>
    lineDiff(before, after, 1).map((line) =>
      line === null ? '…' : `${{ same: ' ', added: '+', removed: '-' }[line.kind]}${line.text}`,
    )
  test('removed and added lines with context', () => {
    expect(diff('a\nb\nc\nd\ne', 'a\nb\nX\nd\ne')).toEqual(['…', ' b', '-c', '+X', ' d', '…'])
    expect(diff('a', 'a\nb')).toEqual([' a', '+b'])
    expect(diff('a\nb', 'b')).toEqual(['-a', ' b'])
    expect(diff('a\nb\nc', 'a\nb\nc')).toEqual(['…'])
  })
  test('contains both texts completely', () => {
    const [before, after] = ['a\nb\nc\na\nb\nb\na', 'c\nb\na\nb\na\nc']
    const lines = lineDiff(before, after, 99).flatMap((line) => (line ? [line] : []))
    const side = (skip: string) =>
      lines
        .filter(({ kind }) => kind !== skip)
        .map((line) => line.text)
        .join('\n')
    expect([side('added'), side('removed')]).toEqual([before, after])
  })
})

describe('names', () => {
  const text = 'id: bin-full\ntitle: { zh: 满, en: Full } # seen\nparameters: { limit: 1 }\n'
  test('sets one value and changes nothing else', () => {
    const named = withText(text, ['title', 'zh'], '桶满 } # : "了"')
    expect(valueAt(named, ['title', 'zh'])).toBe('桶满 } # : "了"')
    expect(valueAt(named, ['title', 'en'])).toBe('Full')
    expect(named).toContain(' } # seen')
    expect(withText(text, ['id'], 'bin-full-2')).toBe(text.replace('bin-full', 'bin-full-2'))
  })
  test.each(['', '119', 'null', 'true', '1.5', 'Hot ', ' Hot', 'No', '~', '2026-03-01', '-'])(
    'the value stays a string: %j',
    (words) => {
      const typed = withText(text, ['title', 'en'], words)
      expect(valueAt(typed, ['title', 'en'])).toBe(words)
      expect(parse(typed)).toMatchObject({ title: { en: words } })
    },
  )
  test('leaves a text without the path, or without valid YAML, unchanged', () => {
    for (const path of [['none'], ['title'], ['id', 'zh'], ['title', 'de']]) {
      expect(withText(text, path, 'x'), path.join()).toBe(text)
      expect(valueAt(text, path), path.join()).toBeUndefined()
    }
    expect(withText('id: [', ['id'], 'x')).toBe('id: [')
    expect(valueAt('id: [', ['id'])).toBeUndefined()
  })
  test('appends the first number that makes the id unused, within the maximum length', () => {
    expect(unusedId('bin', new Set())).toBe('bin')
    expect(unusedId('bin', new Set(['bin', 'bin-2']))).toBe('bin-3')
    const long = 'x'.repeat(64)
    expect(unusedId(long, new Set([long]))).toBe(`${'x'.repeat(62)}-2`)
  })
})
